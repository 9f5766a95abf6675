"""Given names that stand for one another, and how common the most common names are.

Put together for this project from general knowledge; short on purpose. A line is one name, with its short and pet
  forms
and its forms in other languages. A word may stand in several lines ("alex"); two words stand for one another where they
share a line. A line that begins with blanks goes on from the one before.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

_LINES = """
abigail abby abbie gail
abraham abe avraham ibrahim bram
adelaide adela adele addie adelheid heidi
agnes aggie agnieszka ines
albert al bert bertie alberto albrecht
alexander alex alec alexandre alessandro alejandro aleksandr alexandros sandy sasha sascha sander xander lex olek
  oleksandr sacha
alexandra alex sandra alessandra alejandra aleksandra sandy sasha lexi
alfred alf fred freddie alfredo
alice ali allie alicia alison
alison ali allie
amanda mandy
amelia amy millie
andrew andy drew andreas andre andrea andres andrzej andrei andrey andreas ondrej anders
angela angie angelika
anna ann anne annie anya ana hannah anita anka anika annika hanna nancy nan
anthony tony anton antonio antoine antal antonin toni
archibald archie
arnold arnie
arthur art artie artur arturo
augustus gus august augustin gustl
barbara barb babs barbie basia bab
bartholomew bart
beatrice bea trixie beatrix beatriz
benedict ben benedikt benny
benjamin ben benny benji ben
bernard bernie bernhard bernardo
bridget biddy brigitte birgit britta
caroline carrie caro carol karoline carolina karolina lina
carolyn carol lyn
catherine kate katie cathy cath kathy kitty katherine kathryn katharina katarina caterina ekaterina yekaterina katya
  katja kat kathleen catalina katarzyna kasia kathi
charles charlie chuck chas karl carl carlos carlo karel carol
charlotte lottie charlie lotte lotta carlotta
christian chris kris christiaan cristian
christina chris tina christine chrissie kristina cristina kristin christiane krystyna
christopher chris kit topher christoph kristof christophe cristobal krzysztof
clara claire klara
clement clem klemens
constance connie konstanze
cornelius con neil corey kornel
cynthia cindy
daniel dan danny daniele dani danilo
david dave davy dai davide dawid
deborah deb debbie debra
denis dennis denny denys
dietrich dieter dirk
dominic dom nick dominik dominique
donald don donnie
dorothy dot dottie dolly dora dorothea dorothee thea
douglas doug
edmund ed eddie ned edmond
edward ed eddie ted teddy ned eduard eduardo edoardo eduard
edwin ed eddie
eleanor ellie nell nellie nora ella eleonore leonore eleonora lenore
elizabeth liz lizzie beth betty betsy bess bessie eliza elsie lisa libby elisabeth liza elise lilibet sissi elsa
  else ilse isabel isabella lisbeth lise elisabetta elzbieta
ellen nell nellie nelly
emil emile emilio
emily em emma emmy millie emilie emilia
ernest ernie ernst ernesto
eugene gene eugen evgeny yevgeny evgenii eugenio zhenya
eva eve evelyn evie
evelyn evie eve
fedor fyodor theodore fjodor feodor teodor
felix feliks felice
ferdinand ferdy fernando
florence flo florrie flora
francis frank franz francisco francesco francois fran paco pancho franjo ferenc frantisek franciszek franzl
frances fran fanny frannie francesca franziska francisca francoise franzi
frederick fred freddie freddy friedrich frederic fritz federico frederik fryderyk fredrik rick
gabriel gabe gabriele gavriel
gabriella gabby ella gabriele gabi
geoffrey geoff jeff jeffrey gottfried
george georgie georg georges jorge giorgio georgi yuri jurij yury jerzy juergen jurgen jorg joerg giorgos georgios
gerald gerry jerry gerhard gerard gerd
gertrude trudy gert gerti trude
giuseppe joseph beppe pino peppe
gregory greg grigori grigory gregor gregorio
guenter guenther gunter gunther
gustav gus gustave gustavo
harold harry hal harald
harriet hattie harriette
helen nell nellie lena helena helene elena yelena ilona olena jelena alyona
henry harry hank hal heinrich henri enrique enrico hendrik heinz henrik henryk
herbert herb bert bertie heribert
herman hermann harm armand
hilda hilde hildegard
hugh hughie hugo huey hughes ugo
ignatius ignaz ignacio inigo
irene irina rena irena ira
isaac ike izaak itzhak
isabella bella izzy isabel belle izzie isabelle
jacob jake jakob jacques iacob jaime giacomo yakov jacobus jakub iago
jacqueline jackie
james jim jimmy jamie jaime giacomo jacobo jem
jane jan janet jenny janie jean janey
janet jan jenny
jennifer jen jenny jenna
jeremy jerry jem jeremiah
jessica jess jessie
joanna jo joan johanna joanne giovanna juana ioanna joana
john jack johnny jon johannes johann hans jean giovanni juan ivan jan ioannis yannis giannis jens sean ian jovan
  joao ivo janos evan vanya hannes johan jonny jackie yiannis
jonathan jon jonny jonathon nathan
joseph joe joey josef jose jo jozsef josip iosif yosef pepe pepi sepp osip jozef
josephine jo josie josefine josephina josefa fina pepi
joshua josh
judith judy judi jutta
julia julie jules giulia yulia juliana jill
julian jules julien giuliano
julius jules julio giulio
karl carl charles
kenneth ken kenny
konrad conrad kurt
konstantin constantine kostas costas konstantinos kostya
laura laurie lora
laurence larry lawrence laurie lars lorenz lorenzo laurent lenz
leonard leo len lenny leonhard leonardo leonid
leopold leo poldi
lev leo leon lew
lillian lily lil lilly lilian
louis lou lewis louie ludwig luigi luis ludovic lajos lutz lui
louisa lou louise lulu luise luisa
lucas luke luca lukas lucas lukasz
lucy lucie lucia luzie luz
magdalena lena magda madeleine madeline maddie maggie magdalene
manuel manny emanuel emmanuel manolo immanuel
margaret maggie meg peggy margie marge daisy greta gretta rita madge margarete margarethe margareta margarita
  marguerite gretchen gretel grete margot gretl
maria mary marie mia mimi molly polly may maryam miriam marija mariya masha mitzi ria mariechen
mark marcus marc marco markus marek marcos
martha marta patty mattie
martin marty martino marcin
martina tina
matilda tilly mattie mathilde thilde
matthew matt matty matthias matteo mateo mateusz matthieu mathias mats matvei
maurice moritz mauricio morris maurizio
maximilian max maxim maksim massimo maximiliano
melissa mel missy lissa
michael mike mick micky mikey mickey mischa misha michel miguel michele mikhail mihail mikael michal mihai mihaly
  mischa
michelle shelly shell micheline
mildred millie
miriam mim mimi
mohammed muhammad mohamed mohammad mehmet mo muhamad mohd
nathaniel nat nate nathan
nicholas nick nicky nico nicolas nikolaus klaus nikolai nikolay niccolo nicola nikos claus niels mikolaj kolya colin
  miklos nils
nicole nicky nikki nicola
oliver ollie olly olivier oliviero
olivia liv livvy ollie
oscar oskar ossi
otto otho
pamela pam
patricia pat patty trish tricia patsy patrizia
patrick pat paddy patricio rick patrizio
paul pablo paolo pavel pal pawel pauly paulus
pauline paula paulina lina
penelope penny
peter pete pedro pietro pierre pyotr petr petrus piotr pjotr petros peer petya per
philip phil pip philipp felipe filippo filip philippe
rachel rae rachael raquel
raymond ray raimund raimondo ramon
rebecca becky becca bex rebekka
reginald reg reggie rex
reinhard reinhold
richard rick dick rich richie ricky riccardo ricardo ryszard hick rikard dickie
robert bob bobby rob robbie bert rupert roberto robby
roderick rod roddy
rodolfo rudolf rudolph rudy rudi rolf
roger rodger ruediger rudiger
roland rolly orlando
ronald ron ronnie reynold
rosemary rose rosie romy
rose rosa rosie rosina rosalie rosalia
samuel sam sammy samuele
samantha sam sammie
sarah sally sara sadie sal zara
sebastian seb bastian basti sebastien sebastiano baz
sergei serge sergey sergio sergej sergii serhii
sigmund siegmund zygmunt sigismund
sophia sophie sofia sofie zofia sonja sonia sonya
stanley stan stanislaw stanislav stanislaus
stephanie steph steffi stefanie stephania stef
stephen steve stephan stefan steven stevie etienne esteban stefano istvan stefanos stepan steffen
susan sue susie suzy susanna suzanne susanne zuzana zsuzsanna sanna susannah susi
sylvester sly silvester
sylvia silvia
tamara tammy mara
teresa terry tess tessa theresa therese tracy resi theres terri
theobald theo tibor
theodore ted teddy theo teodoro theodor fedor
thomas tom tommy tomas tomasz tommaso thom tam
timothy tim timmy timo
tobias toby tobi
ulrich uli ulli ulrik
ulrike uli ulli rike
ursula ulla uschi
valentine val valentin valentino
veronica ronnie vera roni veronika
victor vic viktor vittorio
victoria vicky vick tori vicki viktoria vittoria
vincent vince vinnie vincenzo vinzenz vicente
virginia ginny ginger virginie
vladimir volodymyr wladimir vlad volodya vova
walter walt wally gualtiero walther
wilhelmina mina minna wilma billie minnie helma
william bill billy will willie wilhelm guillermo guglielmo guillaume liam willem willi willy wim vilem wills
winifred win winnie freda
yuri jurij yury georgi juri
yvonne evonne
zachary zach zack zak
"""

# About how many of 100,000 people of one sex and place bear the name; what is not listed is taken to be rare.
_COMMON = """
1500 james john robert michael william david mary muhammad
1000 thomas joseph charles christopher daniel maria peter anna george elizabeth smith garcia wang li ivanov
700 richard paul mark jennifer linda patricia susan barbara jose juan michaela andreas stefan alexander sarah
700 johnson williams brown jones miller davis rodriguez martinez kumar singh zhang chen liu nguyen kim lee khan muller
450 edward andrew steven kenneth brian kevin jason matthew gary timothy henry frank arthur albert harry ernest samuel
450 jessica karen lisa nancy margaret sandra ashley emily donna carol laura julia marie anne emma alice jane hans karl
450 wilson anderson taylor thomas hernandez moore martin jackson thompson white lopez gonzalez harris clark lewis
450 schmidt schneider fischer weber meyer wagner becker schulz hoffmann patel rossi ferrari bernard dubois durand
  moreau
300 jeffrey jacob ronald anthony donald scott eric stephen jonathan patrick alexandra olivia sophia sophie charlotte
300 benjamin oliver jack luke lucas adam simon philip walter fritz otto franz wolfgang jurgen klaus martin markus ivan
300 michelle kimberly amanda melissa deborah stephanie rebecca sharon cynthia kathleen helen amy angela katharina
300 hall walker young allen king wright scott green baker adams nelson hill ramirez campbell mitchell roberts carter
300 phillips evans turner torres parker collins edwards stewart flores morris murphy cook rogers cooper wood watson
300 bauer koch richter klein wolf schroder neumann schwarz zimmermann braun hofmann kruger novak kowalski silva santos
200 victoria eva lucy grace ella amelia lily mia isla florence edith elsie rose ruth dorothy frances catherine eleanor
200 noah logan theodore oscar freddie alfie theo leo archie joshua ryan jordan dylan nathan harrison george tyler jake
200 kelly ward hughes bennett gray price james reed bell bailey howard cox morgan ross foster russell butler griffiths
"""
RARE = 2e-5


@cache
def lines() -> Mapping[str, frozenset[int]]:
    """Return for each word the lines in which it stands."""
    found: dict[str, set[int]] = {}
    for number, line in enumerate(_LINES.replace("\n  ", " ").split("\n")):
        for word in line.split():
            found.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


@cache
def commonness() -> Mapping[str, float]:
    """Return the share of people who bear a name, for the most common ones."""
    found: dict[str, float] = {}
    for line in _COMMON.strip().split("\n"):
        share, *words = line.split()
        for word in words:
            found.setdefault(word, int(share) / 100_000)
    return found
