"""What marks a story about missing people, children, sexual offences or a private death. Phrases as `crawler.meaning.phrases` reads them. Welsh stands
last; 'plant' is left out, which is a factory in English."""

from __future__ import annotations

# Enough in any story.
ALWAYS = (
    "reported missing, went missing, gone missing, going missing, been missing, missing person*, missing people, "
    "missing man, missing woman, missing boy, missing girl, missing teen*, missing child*, missing pensioner, "
    "missing since, missing from home, missing from his, missing from her, body of, body was found, bodies of, "
    "body found, body has been found, human remains, next of kin, relatives of + coroner*, pronounced dead, "
    "pronounced deceased, found dead, passed away, sadly died, death of, deaths of, murder of, killing of, was "
    "killed, were killed, being killed, been killed, was murdered, who died, has died, have died, died in, died "
    "at, died on, died after, died following, died from, died as, died when, later died, fatally, lost his life, "
    "lost her life, lost their lives, took his own life, took her own life, take their own life, suicide, post "
    "mortem, postmortem, manslaughter, stillborn, family tribute*, pay tribute to him, pay tribute to her, paid "
    "tribute to him, paid tribute to her, paedophil*, indecent image*, indecent photo*, child sex*, sexual "
    "activity with, sexually assault*, sexual assault*, sexually abus*, raped, rapist*, raping, rapes, attempted "
    "rape, rape of, counts of rape, sex offender*, sex offence*, sexual offence*, sexual harm, sexual "
    "exploitation, sexually exploit*, exposed himself, exposed herself, indecent exposure, indecent assault*, "
    "indecently, voyeuris*, upskirt*, groomed, sexual grooming, sexual communication, incest, cannot be named for "
    "legal reasons, cannot be identified for legal reasons, under the age of 18, under the age of 16, under the "
    "age of 13, child abduction, child cruelty, child abuse, year old boy, year old girl, month old, week old "
    "baby, ar goll, bu farw, wedi marw, farwolaeth*, marwolaeth*, llofrudd*, teyrnged*, rhywiol*, "
    "treisio, dreisio, anweddus*, pedoffil*"
)
# Of headlines.
TITLE = (
    "missing, dies, dead, death*, died, fatal*, murder*, killed, kill*, tribute*, body, bodies, remains, inquest, "
    "coroner*, rape*, rapist*, sex*, indecen*, exposure, exposed, groom*, abuse*, abusing, paedophil*, child*, "
    "boy, boys, girl, girls, baby, toddler*, teen*, schoolboy*, schoolgirl*, pupil*, infant*, next of kin, victim "
    "named, victim of, suicide, manslaughter, predator*, youth charged, youths charged, youth arrested, family of, marw, corff, cwest, bachgen, fachgen, merch, ferch, plentyn, blentyn, babi, arddegau"
)
# In stories of crimes, accidents and courts; campaigns and news of the force speak of children and deaths in general.
CRIME = (
    "died, dies, death, deaths, dead, deceased, killed, fatal, fatality, fatalities, murder - attempted murder, "
    "murdered, homicide, inquest, coroner*, bereaved, rape, rapes, sexual*, sexually, sex, indecent*, exposure, "
    "grooming, prostitut*, brothel*, child, children, boy, boys, girl, girls, baby, babies, toddler*, infant, "
    "schoolboy*, schoolgirl*, schoolchild*, pupil, pupils, teenage*, teenager*, juvenile*, minors, in their "
    "teens, his teens, her teens, a youth, two youths, three youths, youths, youth court, search for missing, "
    "missing + last seen, concerned for her, concerned for his, abduct*, voyeur*, upskirt*, stalking + ex partner, lladd, corff, cwest, bachgen, fachgen, bechgyn, merch, "
    "ferch, merched, plentyn, blentyn, babi, arddegau, ddisgybl*"
)
