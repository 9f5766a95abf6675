"""Words that mean much the same, for needs and offers, in English and German. Our own lists: a line is one meaning.

A word may stand in several lines. Lines of `PLAIN` say how help is given and little about what with: they join two
texts only beside something else. Words of `SILENT` say nothing.
"""

from __future__ import annotations

GROUPS = """
tax taxes vat steuer steuererklärung steuerberater steuerberaterin steuerberatung
accounting accountant bookkeeping bookkeeper payroll buchhaltung buchhalter bilanz
law lawyer legal attorney solicitor counsel litigation recht rechtsanwalt rechtsanwältin anwalt anwältin jurist
tenancy tenant landlord lease mieter mietrecht mietvertrag
contract contracts vertrag
notary notar
patent trademark copyright urheberrecht
visa immigration residence permit asylum aufenthalt aufenthaltstitel
refugee refugees flüchtling geflüchtete
flat apartment room rooms housing sublet lodging home let letting rent rental wohnung zimmer unterkunft vermietet miete
house property estate realtor haus immobilie makler
mortgage loan bank banking kredit hypothek
insurance insurer versicherung
money funding fund grant grants finance financing sponsor sponsorship förderung stipendium finanzierung geld
invest investor venture angel investition
donation donate fundraising philanthropy spende spenden
film documentary cinema director filmmaker dokumentarfilm kino regie
video footage videography schnitt
photo photograph photographer photography fotograf fotografie foto
wedding bride hochzeit
music musician musiker musik
piano pianist klavier klavierlehrer klavierunterricht
violin violinist fiddle geige geiger
guitar guitarist gitarre
choir sing singer singing voices chor sänger sängerin gesang
band drummer drums bass schlagzeug
dance dancer ballet tanz tänzer
theatre theater stage actor actress drama schauspiel schauspieler bühne
opera oper
paint painter painting malerei maler
art artist gallery exhibition kunst künstler galerie ausstellung
design designer graphic layout typography grafik gestaltung grafiker typesetting
web website site homepage internet webseite
program programmer programming software developer coding code coder engineer entwickler programmierer programmieren
app mobile ios android
data dataset analytics daten
statistics statistician statistical regression statistik statistiker
machine-learning ai ml neural ki
security cybersecurity encryption sicherheit
marketing advertising brand branding werbung
publicity press journalist reporter newspaper presse zeitung journalistin
sales selling vertrieb verkauf
edit editor editing proofread proofreader copyedit manuscript memoir lektor lektorat lektorin korrektorat
publish publisher publishing verlag verleger
write writer writing author novel novelist essay roman autor autorin schreiben schriftsteller
poem poet poetry gedicht lyrik dichter
reading readings lesung
book books bookshop bookstore library buch buchhandlung bibliothek
translate translator translation interpreter interpreting übersetzer übersetzerin übersetzung dolmetscher dolmetscherin
english englisch englische
german deutsch deutsche
french französisch
spanish spanisch
italian italienisch
portuguese portugiesisch
polish polnisch
czech tschechisch
russian russisch
turkish türkisch
arabic arabisch
chinese mandarin chinesisch
japanese japanisch
startup start-up founder cofounder co-founder entrepreneur gründer gründerin gründung
job jobs position vacancy hire hiring employment recruit recruiter employer stelle arbeitsplatz anstellung
apprentice apprenticeship trainee intern internship lehrling lehrstelle praktikum praktikant
manage manager management leadership executive führungskraft leitung
strategy strategist strategie
nonprofit charity ngo foundation stiftung verein
talk talks speaker speech keynote lecture rhetoric presentation presentations vortrag rede referent rednerin rhetorik
podcast radio broadcast
venue hall event events veranstaltung veranstaltungsort saal räumlichkeiten
conference congress tagung konferenz kongress
school schools teacher headmistress headmaster schule lehrer lehrerin
university college professor phd doctorate universität hochschule promotion
thesis dissertation diplomarbeit doktorarbeit
research researcher study forschung forscher
mathematics maths mathematician mathematik nachhilfe
physics physicist physik
chemistry chemist chemie
biology biologist biologie
medicine medical doctor physician arzt ärztin medizin mediziner
malaria epidemiology epidemiologist
paediatrician pediatrician kinderarzt
midwife midwifery hebamme
nurse nursing pflege pfleger pflegerin
care elderly carer altenpflege
dentist dental zahnarzt
therapy therapist psychotherapist psychotherapy psychologist counsellor therapeut psychotherapie psychotherapeutin
physiotherapy physiotherapist physio
nutrition nutritionist diet ernährung
childcare babysitter babysitting nanny kindergarten kinderbetreuung babysitten
climate energy solar carbon klima energie
garden gardener gardening garten gärtner gärtnerin
orchard fruit apple obst obstgarten
bee bees beekeeper beekeeping honey apiary imker biene bienen
farm farmer farming agriculture landwirt bauer hof
dog dogs hund hunde
cat cats katze katzen
horse horses riding pferd reiten
vet veterinary tierarzt
carpenter carpentry joiner joinery furniture cabinetmaker tischler schreiner möbel zimmermann
stairs staircase stair treppe
electrician electrical wiring elektriker elektrik
plumber plumbing heating installateur klempner heizung
roof roofer dach dachdecker
architect architecture architekt architektur
build builder construction renovation bau umbau renovierung
boat boats sail sailing sailor yacht boot segeln segler
run running runner marathon jogging laufen läufer
climb climbing mountaineer klettern bergsteigen
hike hiking trek wandern
swim swimming schwimmen
bicycle bike cycling fahrrad rad
yoga pilates meditation mindfulness
football soccer fussball
chess schach
car cars vehicle auto wagen kfz mechaniker
cook cooking chef recipe kochen koch küche
bake baker bakery bread backen bäcker
restaurant catering gastronomy gastronomie
wine winemaker vineyard wein winzer
travel trip journey reise reisen
moving removal relocation umzug
volunteer volunteering ehrenamt freiwillige
church parish pastor kirche gemeinde
tailor sewing seamstress schneider nähen
jewellery jeweller goldsmith schmuck goldschmied
pottery ceramics potter keramik töpfer
print printer printing druck druckerei
archive archivist genealogy archiv ahnenforschung
history historian geschichte historiker
museum curator kurator
policy politics parliament politik
tutor tutoring lessons lesson instruction unterricht
"""

PLAIN = """
advice adviser advisor advise consult consultant consulting counsel beratung berater beraterin rat
coach coaching mentor mentoring mentors train trainer training
teach teacher teaching tutor lesson lessons class classes course learn learner learning unterricht lehrer lernen kurs
introduction introductions introduce contact contacts connection kontakt
help helps helping support assist assistance hilfe unterstützung
look looks looking seek seeks search find finds suche gesucht sucht
repair repairs fix reparatur
workshop workshops seminar
sell sells buy buys purchase verkaufen kaufen
speak speaks speaker speakers native sprechen muttersprache muttersprachler
expert expertise specialist experience experienced professional fachmann erfahrung
"""

SILENT = """
a an the and or of to in on at by for from with without as is are was be been being has have had do does did this that
these those it its i me my you your he him his she her hers we us our they them their who whom whose which what when
where how why not no nor so if than then there here into onto over under up down out off about after before during
between through per via can could will would shall should may might must also just very more most much many some any
every each other another such own same both all few one two three somebody someone anybody anyone something anything
people person persons friend friends good great best better nice new old young big small little first last next get gets
getting got give gives giving want wants wanted wanting need needs needed needing would-like like likes love loves take
takes taking make makes making made know knows knowing use uses used using run runs work works working year years month
months week weeks day days time times monday tuesday wednesday thursday friday saturday sunday january february march
april june july august september october november december christmas easter summer winter spring autumn son daughter
child children kids mother father early late still now soon twenty ten five start starts starting begin beginner
beginners hand hands owns own offer offers offering willing happy available interested company companies firm business
question questions issue issues matter matters topic topics problem problems spare
der die das den dem des ein eine einen einem einer eines und oder von zu im in am an auf aus bei mit ohne für als ist
sind war hat haben sie er es wir ihr ihre sein seine mein meine nicht kein keine auch noch nur schon sehr mehr viel gut
neue neuer neues jemand jemanden etwas wer wie was wo bietet bieten gibt geben braucht brauche brauchen möchte will
durch ins zum zur über unter nach vor seit um
"""
