"""What headlines and first sentences say for each kind of story, in the order they are tried.

Phrases are in small letters without punctuation and parted by commas. '*' ends a word that may go on ('appeal*'), '+' joins
what must all be there, '-' stands before what must not. A letter with an accent counts as a blank: 'Apêl' is 'ap l'. Welsh stands
last in each list.
"""

from __future__ import annotations

# Of a headline: what a story is about before what it asks for.
TITLE = (
    (
        "found",
        "found safe*, safe and well, teenager found - body - dead - injured, girl found - body - dead - injured, "
        "boy found - body - dead - injured, no longer missing, missing + found - help - to find, missing + "
        "located - help - appeal to, missing + traced, been found - body - drugs - cannabis - remains, been "
        "located - vehicle, been traced - vehicle, found now found, search + found - body missing, returned home, "
        "absconder recaptured, ar goll + dod o hyd - helpu - help i, chanfod yn ddiogel, canfod yn ddiogel, ganfod yn ddiogel, ddiogel ac yn iach",
    ),
    (
        "missing",
        "missing - missing out - sentenced - jailed - charged - arrest* - murder - guilty, concern for - arrest*, concerned for - arrest*, concerns for - arrest*, concern grow*, fears for, ar goll, pryder am, pryderon am",
    ),
    (
        "appeal",
        "appeal + sentenced - jailed, appeal to trace, witness appeal, cctv appeal, appeal for witnesses, "
        "witnesses sought, next of kin, ap l am dystion, apelio am dystion, tystion",
    ),
    (
        "court",
        "jail - jailed to, jailed, sentenced, sentence, sentences, sentencing, imprisoned, imprisonment, in "
        "prison, to prison, prison for, behind bars, locked up, put away, convicted, conviction*, guilty, pleads, "
        "pleaded, admits, admitted - hospital, found not, inquest, verdict, trial - bike - pilot, years for, "
        "community order, restraining order*, behaviour order*, closure order*, sexual harm prevention order*, "
        "disqualified, ordered to pay, confiscation, proceeds of crime, brought to justice, face justice, faces "
        "justice, handed + years, court case, injunction*, banned from, life for, carcharu, garcharu, dedfrydu, ddedfrydu, yn euog, llys y goron",
    ),
    (
        "charge",
        "charged, charge - free of charge, charges, remanded, summonsed, to appear in court, due in court, in court over, cyhuddo, gyhuddo, chyhuddo",
    ),
    (
        "wanted",
        "wanted - wanted to - arrest* - volunteer* - cadet*, most wanted, on the run - arrest*, abscond* - arrest*, absconds",
    ),
    (
        "arrest",
        "arrest - appeal, arrests - appeal, arrested - appeal, in custody, detained - appeal, arestio",
    ),
    (
        "appeal",
        "appeal - court of appeal - charity - christmas appeal, appeals, appealing, witness*, can you help, can "
        "you identify, could you help, do you know, do you recogni*, did you see, did you witness, have you seen, "
        "have you any, were you, recognise, who is, cctv, efit*, e fit*, image released, images released, image "
        "of, images of, release image*, released image*, like to speak to, want to speak to, want to identify, "
        "seek, seeking, sought, help to, help us, help find, help identify, help trace, help police, information, "
        "dash cam, dashcam footage, next of kin, trace, reunite, ap l, apelio, dystion, gwybodaeth, adnabod",
    ),
    (
        "court",
        "court - appeal court, jury, fined - covid* - coronavirus - breach*",
    ),
    (
        "incident",
        "tribute*, named, names victim*, name victim*, formally identified, formal identification, body found, "
        "remains, fined, fines, fatal collision, dies, rescue*, recovered, seized, teyrnged*, bu farw, gwrthdrawiad angheuol, atafaelu",
    ),
    (
        "organisation",
        "pcc, pccs, commissioner*, recruit*, award*, honour*, medal*, commend*, cadet*, misconduct, dismissed, "
        "budget, precept, appointed, retire*, volunteer*, special constab*, passing out, funding",
    ),
    (
        "campaign",
        "campaign*, awareness, advice, warn*, urge*, remind*, encourage*, beware, be aware, stay safe, stay "
        "alert, stay vigilant, crackdown, crack down, clampdown, week of action, day of action, national + week, "
        "amnesty, surrender scheme, surrender campaign, scam*, protect your*, protect against*, keep safe, "
        "keeping safe, keep your, prevent*, tips, how to, don t, think twice, please, lockdown*, restrictions, "
        "guidance, covid - fine, coronavirus, road safety, tackle, tackling, tackles, targeted, patrols, safety "
        "camera*, drink drive*, safer, spotlight, day of reflection, ymgyrch, cyngor, rhybudd*",
    ),
    (
        "organisation",
        "chief constable*, superintendent*, apply, pcso*, specials, medal, recognised, praise*, celebrat*, "
        "thank*, appointment*, new officers, new team, new unit, new role, police station, training, council tax, "
        "survey, consultation, inspection, hmic*, iopc*, inspectorate, report, hearing, strategy, statement, "
        "conference, charity, fundrais*, marathon, career*, police dog*, force s, our officers, officers and "
        "staff, police staff, policing board, joins, join, women s day, pride, memorial, diversity, wellbeing, "
        "day in the life, opens, launch* - investigat* - appeal, website, newsletter, partnership, supports, "
        "tribute to pc, partners, pilot*, visit",
    ),
)

# Of the description and the first sentences, where the headline says nothing.
LEAD = (
    (
        "found",
        "person has been found, been found safe*, found safe and well, now been found - guilty, have been found "
        "safe, been located safe*, is no longer missing, missing + has been found - body, cael ei ganfod yn ddiogel, cael ei chanfod yn ddiogel, dod o hyd iddo yn ddiogel, dod o hyd iddi yn ddiogel",
    ),
    (
        "missing",
        "reported missing, missing from, missing + concern, growing increasingly concerned, last seen + concern, ar goll",
    ),
    (
        "wanted",
        "is wanted, wanted on, wanted by, wanted for, wanted in connection, absconded from, failed to appear",
    ),
    (
        "appeal",
        "appealing for witnesses, appealing for information, appealing for help, appealing for anyone, appealing "
        "for the public s, appealing to the public, appealing for, appeal for, witnesses are being sought, "
        "witnesses are sought, seeking witnesses, like to speak to, like to identify, want to speak to, keen to "
        "speak, released an image, released cctv, released images, releasing an image, releasing images, do you "
        "recognise, help to identify, help identify, help to trace, anyone with information, next of kin, apelio am, ap l am, unrhyw un sydd gwybodaeth, unrhyw un + gwybodaeth",
    ),
    (
        "court",
        "sentenced, jailed, crown court - to appear - will appear - due to appear, pleaded guilty, found guilty, "
        "convicted, pleading guilty, magistrates - to appear - will appear - due to appear - charged, garcharu, ddedfrydu, pledio n euog, ei gael yn euog",
    ),
    (
        "charge",
        "charged with, been charged, were charged, was charged, charged + court, ei gyhuddo, ei chyhuddo, eu cyhuddo",
    ),
    (
        "arrest",
        "arrested, arrests, arestio",
    ),
)

# The same, tried last: they say little about a story in whose headline a crime stands.
LATE = (
    (
        "campaign",
        "campaign, awareness, urging, reminding, reminded, urged, encourag*, advice, advising, warning, residents "
        "are, stay safe, restrictions, prevention, speeding, motorists, scam*, hate crime, abuse, drivers",
    ),
    (
        "organisation",
        "chief constable, chief inspector, superintendent, commissioner, pcso*, recruit*, volunteer*, special "
        "constab*, award*, charity, community, career, colleagues, staff, officers have, officers from, officer, "
        "pc, team, event, force",
    ),
)

# A story that names one of these is at least an incident.
CRIME = (
    "collision, crash, rob, tries to, attempt*, exposed himself, kill, assault*, burglar*, robbe*, theft*, "
    "stolen, stole, stabb*, shot, shooting, fire, died, death, dies, body, killed, murder*, incident, damage*, "
    "attack*, injur*, seized, drugs, cannabis, explos*, exposure, tribute*, rape*, disorder, warrant*, fined, "
    "fines, named, rescue*, closed, closure, remains, cordon, knife, gun, firearm*, scene, flood*, trespass*, "
    "vandal*, stopped, thieves, raid*, gwrthdrawiad*, lladrad*, ladrad*, ladron, byrgleriaeth*, fyrgleriaeth*, ymosod*, digwyddiad*, ddigwyddiad*, dwyn, gyffuriau, cyffuriau, difrod*"
)
