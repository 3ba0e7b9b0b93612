"""The six invented forces of the demo, one of each kind. No such county, town or officer exists."""

from __future__ import annotations

from forcewire.demo.articles import Site

FORCES = (
    Site(
        id="wexmoor",
        kind="single_online_home",
        force="Wexmoor Constabulary",
        area="Wexmoor",
        title_suffix=" | Wexmoor Constabulary",
        date_label="Published: ",
        towns=("Ottlesham", "Brindlecoe", "Hathermouth", "Pellingfold", "Stowquarrel", "Larkhay"),
    ),
    Site(
        id="ravenquay",
        kind="mynewsdesk",
        force="Ravenquay City Police",
        area="Ravenquay",
        title_suffix=" - Ravenquay City Police",
        towns=("Saltpan Wharf", "Gullwick Rise", "Thornadine", "Nethercane", "Old Ropewalk", "Corrowmead"),
    ),
    Site(
        id="civil-reservoirs",
        kind="govuk",
        force="Civil Reservoirs Constabulary",
        area="Civil Reservoirs",
        title_suffix=" - GOV.UK",
        organisations="Civil Reservoirs Police Authority and Civil Reservoirs Constabulary",
        towns=("Thrumble Water", "Askeldam", "Corvane Reservoir", "Hessledown Water", "Loxmere Barrage", "Penwhinny"),
    ),
    Site(
        id="aldmoor-and-tarn",
        kind="wordpress",
        force="Aldmoor and Tarn Police",
        area="Aldmoor and Tarn",
        title_suffix=" | Aldmoor and Tarn Police",
        towns=("Tarnholt", "Swetheringay", "Upper Maddlow", "Coldharrow Cross", "Fennimarsh", "Quarnbeck"),
    ),
    Site(
        id="east-strayshire",
        kind="drupal",
        force="East Strayshire Police",
        area="East Strayshire",
        title_suffix=" | East Strayshire Police",
        towns=("Strayborough", "Millcarr Top", "Hobthwick", "Drubley", "Cawdlebridge", "Netherstray"),
    ),
    Site(
        id="marrowdale",
        kind="own_newsroom",
        force="Marrowdale Constabulary",
        area="Marrowdale",
        towns=("Marrowgate", "Skarrowfell", "Ullgarthwaite", "Birkmossop", "Tollerwyke", "Greyscar Bridge"),
    ),
)
