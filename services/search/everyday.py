"""Words that everybody uses and spells so: one that no text of ours holds is still no mistake, and is never “corrected”.

Verbs with the forms in which people ask; the words of daily life, of family, time, place and number; names of countries
and tongues; in the languages of the site and in Darija. It is about the languages, not about our texts: what an editor
wants found is a synonym.
"""

from __future__ import annotations

from .letters import fold_words

FRENCH = """
suis es est sommes êtes sont étais était étions étaient serai sera serons seront serais serait seraient été être
ai as avons avez ont avais avait avions avaient aurai aura auront aurais aurait auraient eu avoir
vais vas va allons allez vont allais allait irai ira iront irais irait allé allée aller
viens vient venons venez viennent venais venait viendra viendrai venu venue venir reviens revient revenir revenu
veux veut voulons voulez veulent voulais voulait voudrais voudrait voudrions voudraient voulu vouloir
peux peut pouvons pouvez peuvent pouvais pouvait pourrai pourra pourrais pourrait pourrions pourraient pu pouvoir
dois doit devons devez doivent devais devait devrai devra devrais devrait devrions dû devoir faut fallait faudra faudrait
fais fait faisons faites font faisais faisait ferai fera ferais ferait faire
dis dit disons dites disent disait dirai dira dire redire
sais sait savons savez savent savais savait saura saurai savoir su connais connaît connaissez connaissent connu connaître
vois voit voyons voyez voient voyais verrai verra voir vu vue revoir
prends prend prenons prenez prennent prenais pris prise prendre reprendre mets met mettons mettez mettent mis mise mettre
donne donnes donnons donnez donnent donné donner trouve trouves trouvons trouvez trouvent trouvé trouvée trouver
cherche cherches cherchons cherchez cherchent cherché chercher demande demandes demandons demandez demandé demander
parle parles parlons parlez parlent parlé parler tiens tient tenons tenez tiennent tenir tenu crois croit croyons croire cru
pense penses pensons pensez penser pensé comprends comprend comprenez comprennent compris comprendre
attends attend attendons attendez attendent attendu attendre réponds répond répondre répondu entends entendre entendu
perds perd perdu perdue perdre gagne gagner gagné paie paye payer payé payée coûte coûter achète acheter acheté vends vendre vendu
laisse laisser laissé garde garder gardé quitte quitter quitté pars part partir parti partie partons reste rester resté restée
arrive arrives arriver arrivé arrivée rentre rentrer rentré entre entrer entré sors sort sortir sorti sortie passe passer passé
monte monter descendre tombe tomber tombé dors dort dormir dormi mange manger mangé bois boit boire bu vis vit vivre vivons vécu
meurs meurt mourir mort morte né née naître naissance aime aimes aimer aimé déteste détester joue jouer oublie oublier oublié
commence commencer commencé finis finit finir fini terminer terminé continue continuer arrête arrêter essaie essayer essayé
envoie envoyer envoyé reçois reçoit recevoir reçu lis lit lire lu écris écrit écrire apprends apprendre appris étudie étudier
ouvre ouvrir ouvert ferme fermer fermé marche marcher conduire habite habites habiter loge loger change changer changé
appelle appeler appelé explique expliquer montre montrer sert servir suivre suivi suit choisir choisi croire refuse refuser refusé
frappe frappé frapper bat battu battue menace menacé vole volé voler mentir ment trompé trompe abandonné insulte insulté crie
bonjour bonsoir salut merci pardon désolé svp stp voici voilà oui non ok bien mal mieux pire bon bonne bons bonnes mauvais mauvaise
toujours jamais encore déjà souvent parfois rarement avant après pendant depuis jusque jusqu aujourd hui hier demain maintenant
bientôt tard tôt vite lentement ensuite puis enfin alors donc car parce puisque lorsque comme si sinon aussi ainsi peut-être
vraiment beaucoup peu assez trop très plus moins presque environ seulement surtout plutôt pourtant cependant malgré selon
ici là là-bas loin près dehors dedans dessus dessous devant derrière contre vers entre parmi autour gauche droite haut bas milieu
tout toute tous toutes chaque chacun aucun aucune plusieurs quelque quelques quelqu autre autres même mêmes tel telle rien personne
chose choses truc fois façon manière cas raison cause exemple moment début fin suite part point lieu endroit côté sens
homme hommes femme femmes enfant enfants bébé fille filles garçon garçons père mère papa maman parents frère frères soeur soeurs
mari épouse époux conjoint fiancé fiancée copain copine ami amie amis voisin voisine oncle tante cousin cousine neveu nièce
gens monde famille patron patronne chef collègue collègues client propriétaire monsieur madame docteur maître professeur
maison chambre appartement toit lit porte clé cuisine eau gaz électricité rue route quartier ville village pays région frontière
train bus taxi voiture camion avion bateau vélo moto gare aéroport port billet voyage bagage sac valise
argent sous prix dette dettes cadeau marché magasin boutique banque cher chère gratuit
travail travaille travailler travaillé travaillons boulot métier emploi salaire chantier usine ferme champ bureau
nourriture repas pain lait viande riz fruit sucre sel café thé faim soif froid froide chaud chaude pluie soleil feu
corps tête main mains bras jambe pied dos ventre oeil yeux oreille dent dents coeur sang peau malade blessé douleur fièvre
enceinte grossesse accoucher accouché fatigué fatiguée triste heureux heureuse content contente seul seule peur colère honte
jour jours nuit matin midi soir soirée heure heures minute minutes seconde semaine mois an ans année années date âge
lundi mardi mercredi jeudi vendredi samedi dimanche
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
un deux trois quatre cinq six sept huit neuf dix onze douze quinze vingt trente quarante cinquante soixante cent mille premier
première deuxième troisième dernier dernière prochain prochaine
petit petite grand grande gros grosse jeune jeunes vieux vieille nouveau nouvelle nouveaux ancien ancienne long longue court
facile difficile possible impossible vrai vraie faux fausse sûr libre plein vide propre sale beau belle fort faible rapide lent
noir noire blanc blanche rouge vert bleu jaune
téléphone portable numéro adresse nom prénom lettre message mot mots langue question réponse problème problèmes solution idée
aide aides aider aidé besoin envie droit droits chance vie paix guerre école livre papier photo histoire nouvelle information
"""

ENGLISH = """
am is are was were be been being have has had having do does did done doing will would shall should can could may might must ought
want wants wanted need needs needed go goes going went gone come comes coming came get gets getting got gotten give gives giving gave
given take takes taking took taken make makes making made put let keep keeps kept leave leaves leaving left stay stays stayed staying
say says said saying tell tells told speak speaks spoke speaking talk talks talked ask asks asked asking answer answers answered
know knows knew known think thinks thought understand understood learn learned learning teach teaching taught study studies studying
see sees saw seen look looks looked looking watch watched hear heard listen find finds finding found lose loses lost losing
buy buys bought sell sells sold pay pays paid paying cost costs owe owes borrow borrowed lend spend spent win won
work works worked working play played start starts started begin began stop stops stopped finish finished continue wait waiting waited
move moved moving walk walked run ran drive drove driving travel travelled fly flew return returned arrive arrived enter entered
open opened close closed send sent sending receive received bring brought carry carried hold held show showed shown use used using
eat eats ate eating drink drank sleep slept sleeping wake live lives lived living die died dead born birth grow grew
love loves loved hate hated like likes liked hope hoped feel feels felt feeling remember forget forgot forgotten believe try tried
trying change changed call called calling write writes wrote written read reading explain follow followed choose chose chosen
hit hits beat beats beaten hurt hurts break broke broken steal stole stolen threaten threatened lie lied cheat cheated refuse refused
hello hi thanks thank please sorry yes no not okay well good better best bad worse worst right wrong true false
always never often sometimes usually rarely ever already still yet again soon later late early now then today tomorrow yesterday
tonight before after since until during while ago maybe perhaps really very much many more most less least few little enough too also
only just almost about around quite rather however although though because so if unless whether than as like instead else
here there where everywhere somewhere nowhere near far away inside outside above below under over behind between beside against toward
through across along up down back front left right top bottom middle side
all every each any some none both either neither other another same such own several everything nothing something anything
everyone nobody someone anyone somebody everybody person people thing things stuff way kind sort case reason example time times moment
man men woman women child children kid kids baby boy boys girl girls father mother dad mum mom parents brother sister son daughter
husband wife boyfriend girlfriend friend friends neighbour neighbor uncle aunt cousin family boss chief colleague sir madam teacher
home house flat apartment room roof bed door key kitchen water gas street road town city village country border world place
train bus taxi car truck plane boat ship bike station airport ticket trip bag money cash debt gift price cheap expensive free shop
market bank food meal bread milk meat rice sugar salt tea coffee hungry thirsty cold hot warm rain sun fire
body head hand hands arm leg foot feet back stomach eye eyes ear tooth teeth heart blood skin sick ill pain fever wound pregnant tired
sad happy glad alone afraid scared angry ashamed worried job salary wage office factory farm field
day days night morning noon afternoon evening hour hours minute minutes second week weeks month months year years date age old
monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand first second third last next
small big large huge long short young new easy hard difficult possible impossible sure full empty clean dirty nice beautiful strong
weak fast slow black white red green blue yellow
phone mobile number address name letter message word words language question problem problems solution idea help helps helped helping
chance life peace war school book paper picture story news stuck fired
don doesn didn isn aren wasn weren hasn haven hadn won wouldn couldn shouldn cannot
"""

ARABIC = """
أنا أنت هو هي نحن أنتم هم أريد تريد يريد نريد يريدون أردت أحتاج تحتاج يحتاج نحتاج محتاج محتاجة أبحث تبحث يبحث نبحث بحثت
أستطيع تستطيع يستطيع نستطيع يمكن يمكنني يمكنك يمكننا يجب ينبغي لازم كان كانت كنت كنا كانوا يكون تكون أكون نكون سيكون صار أصبح
ليس ليست لست عندي عندك عندنا عنده عندها لدي لديك لديه لدينا معي معك معه هناك هنا هنالك
ذهب ذهبت أذهب تذهب يذهب نذهب جاء جئت أتى يأتي رجع رجعت أرجع يرجع عاد أعود يعود دخل دخلت أدخل يدخل خرج خرجت أخرج يخرج وصل وصلت أصل
يصل غادر غادرت أغادر يغادر سافر سافرت أسافر بقي بقيت أبقى يبقى أخذ أخذت آخذ يأخذ أعطى أعطاني أعطيت يعطي وضع وضعت يضع ترك تركت يترك
قال قالت قلت أقول يقول نقول تكلم تكلمت أتكلم يتكلم سأل سألت أسأل يسأل أجاب جاوب سمع سمعت أسمع يسمع رأى رأيت أرى يرى نظر شاهد وجد وجدت
أجد يجد عرف عرفت أعرف تعرف يعرف نعرف فهم فهمت أفهم يفهم ظن أظن فكر أفكر تعلم أتعلم يتعلم علم درس أدرس يدرس قرأ أقرأ كتب كتبت أكتب يكتب
اشترى أشتري شراء باع أبيع بيع دفع دفعت أدفع يدفع كلف ربح خسر فقد فقدت ضاع ضاعت أضعت نسي نسيت أنسى عمل عملت أعمل يعمل نعمل اشتغل أشتغل
يشتغل لعب بدأ بدأت أبدأ يبدأ انتهى انتهت ينتهي توقف استمر انتظر أنتظر ينتظر فتح يفتح أغلق يغلق أرسل أرسلت يرسل استقبل حمل سكن أسكن يسكن عاش
أعيش يعيش مات ماتت يموت ولد ولدت نام أنام ينام أكل آكل يأكل شرب أشرب يشرب أحب تحب يحب أكره كره خاف أخاف يخاف ضرب ضربني يضربني يضرب هدد
هددني يهددني سرق سرقت سرقوا كذب طرد طردني طردوني رفض رفضوا رفضت ساعد ساعدني ساعدوني يساعد مساعدة غير حاول أحاول اختار
سلام مرحبا أهلا شكرا عفوا آسف نعم لا حسنا جيد جيدة سيئ سيئة أحسن أفضل أسوأ صحيح خطأ
دائما أبدا أحيانا غالبا نادرا ربما قد كثيرا كثير كثيرة قليلا قليل قليلة جدا تماما تقريبا فقط أيضا كذلك الآن اليوم غدا أمس قريبا لاحقا
بعد قبل منذ خلال أثناء حتى عندما حين حينما إذا لو لكن لأن لذلك ثم إما مثل مثلا بدون دون ضد نحو حول بين تحت فوق أمام وراء خلف جانب قرب قريب
قريبة بعيد بعيدة داخل خارج يمين يسار وسط كل بعض أي أحد لا شيء شيء أشياء آخر أخرى آخرون نفس غير عدة
رجل رجال امرأة نساء طفل طفلة أطفال رضيع بنت بنات ولد أولاد أب أم والد والدة أخ أخت إخوة زوج زوجة زوجي زوجتي خطيب خطيبة صديق صديقة أصدقاء جار
جارة عم خال ابن ابنة ابني ابنتي عائلة أسرة ناس الناس شخص أشخاص رئيس مدير زميل أستاذ سيد سيدة
بيت منزل دار غرفة شقة سقف سرير باب مفتاح مطبخ ماء كهرباء شارع طريق حي مدينة قرية بلد بلاد حدود عالم مكان
قطار حافلة سيارة شاحنة طائرة سفينة قارب دراجة محطة مطار ميناء تذكرة سفر حقيبة مال نقود ثمن سعر دين هدية سوق متجر دكان بنك غال غالي رخيص
رخيصة مجاني مجانية مجانا طعام خبز حليب لحم أرز فاكهة سكر ملح قهوة شاي جائع جوع عطشان عطش بارد برد حار حر مطر شمس نار
جسم رأس يد قدم ظهر بطن عين أذن سن أسنان قلب دم جلد مريض مريضة مرض جريح ألم حمى حامل حمل ولادة متعب متعبة حزين حزينة سعيد سعيدة وحيد وحيدة
وحدي خائف خائفة خوف غاضب معا شغل مهنة أجرة راتب مصنع حقل مكتب
يوم أيام ليلة ليل صباح صباحا ظهر مساء ساعة ساعات دقيقة ثانية أسبوع شهر أشهر شهور سنة سنوات عام أعوام تاريخ عمر سن
الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد
يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر
واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة عشرون ثلاثون أربعون خمسون مائة ألف أول أولى ثاني ثانية ثالث آخر أخير مقبل
صغير صغيرة كبير كبيرة طويل قصير شاب قديم قديمة جديد جديدة سهل صعب ممكن مستحيل أكيد حر فارغ نظيف جميل قوي ضعيف سريع بطيء
أسود أبيض أحمر أخضر أزرق أصفر
هاتف رقم عنوان اسم لقب رسالة كلمة لغة سؤال جواب مشكل مشكلة مشاكل حل فكرة سبب مثال مرة مرات طريقة وقت لحظة بداية نهاية حق حقوق فرصة حياة سلام
حرب مدرسة كتاب ورقة صورة قصة خبر معلومات
"""

DARIJA = """
بغيت بغيتي بغا بغينا باغي باغية خاصني خصني خاصك خاصو خاصنا كيفاش علاش فين منين شكون شنو شنا شحال وقتاش واش واخا صافي
بزاف شوية دابا غدا البارح اليوم ديما مازال باقي والو حتى غير راه هاد هادا هادي هادو داك ديك تما هنا لهيه برا داخل عندي
عندك عندو عندنا ماعنديش ماعندوش كاين كاينة ماكاينش ماشي ماعرفتش عرفت كنعرف بقيت بقا مشيت مشا مشينا جيت جا جينا رجعت
خرجت دخلت وصلت طلعت نزلت گلت قلت قال قالو هضرت كنهضر هضر سمعت شفت شوف كنشوف لقيت لقا ملقيتش عطيت عطاني عطيني خديت خدا
درت دار نديرو ندير كندير خدمت خدام خدامة كنخدم نخدم خلصني خلصوني ماخلصنيش تخلصت شريت نشري بعت نبيع كليت ناكل شربت نعست
نسيت فهمت مافهمتش تعلمت سكنت ساكن ساكنة كنسكن نسكن مات ماتت ضربني كيضربني جرا جراو سرقولي سرقو تسرق تسرقات ضاع ضاعت
عاوني عاونوني نعاون كنقلب قلبت نقلب دراري مراتي راجلي ولدي بنتي خويا ختي صاحبي صاحبتي مول مولات زنقة درب دوار طوموبيل
طاكسي فلوس درهم تمن رخيص غالي فابور عيان عيانة مريض خايف خايفة فرحان بوحدي قريب بعيد لور قدام مزيان مزيانة خايب bghit
bghiti bgha bghina baghi bagha khasni khassni khask khasso khasna kifach kifash 3lach 3lash fin feen fayn mnin chkoun
chkon shkoun chnou chno chnowa achno chhal ch7al wa9tach wach wash wakha waxa safi bezzaf bzaf chwiya chwya daba
ghedda ghdda lbareh lbare7 lyoum lyouma dima mazal ba9i walo walou hta 7ta ghir rah had hada hadi hadou dak dik temma
tema hna lhih berra bra 3endi 3andi 3endek 3endo ma3endich ma3andich kayn kayna makaynch machi ma3reftch 3reft kan3ref
b9it bqit b9a mchit mcha mchina jit ja jina rje3t khrejt dkhelt dkhel khrej wselt tla3t nzelt golt goult gelt gal
galou goul hdert kanhder hder sme3t chefft cheft chouf chofti kanchouf l9it lqit l9a 3tit 3tani 3tini khdit khoud dert
dar ndir kandir khdemt khdem khedam khdama kankhdem nkhdem khlasni khlsouni chrit nchri be3t nbi3 klit nakol chrebt
n3est nsit fhemt mafhemtch t3ellemt sken saken kanskon mat matet drebni kaydrebni jraw sre9 ser9ouni tser9at da3 da3et
3aweni 3awnouni kan9elleb n9elleb wahed wa7ed jouj tlata reb3a khemsa setta seb3a tmenya tes3oud 3echra drari drarri
mrati rajli rajel mra weldi weld benti bent khouya khoya khti sahbi sahebti sa7bi moul moulat zen9a zenqa derb douar
bit mdina blad bladi tri9 tran tomobil taxi flous dirham taman rkhis rkhisa ghali fabor 3eyyan 3yan mrid mrida khayef
khayfa ferhan bou7di bo7di 9rib qrib b3id lour 9eddam goddam mezyan mzyan khayeb smiya smiti nemra nimiro mochkil
mouchkil sba7 l3chiya lil sa3a nhar simana chher 3am salam labas choukran chokran bslama chi
"""

# Where people come from and go to, and what they speak.
COUNTRIES = """
maroc marocain marocaine morocco moroccan algérie algérien algeria algerian tunisie tunisien tunisia libye libya égypte egypt soudan sudan
sénégal sénégalais sénégalaise senegal senegalese mali malien malienne malian mauritanie mauritania guinée guinéen guinéenne guinea guinean
bissau gambie gambia côte ivoire ivoirien ivoirienne ivory coast ivorian cameroun camerounais camerounaise cameroon cameroonian congo
congolais congolaise congolese kinshasa brazzaville gabon tchad chad centrafrique niger nigérien nigeria nigérian nigériane nigerian bénin
béninois benin togo togolais togolese ghana ghanéen ghanaian burkina faso burkinabé sierra leone liberia libérien liberian cap vert
angola rwanda burundi ouganda uganda kenya somalie somalia somalien somali érythrée eritrea éthiopie ethiopia comores comoros madagascar
djibouti syrie syrien syrienne syria syrian yémen yéménite yemen yemeni irak irakien iraq iraqi palestine palestinien palestinian liban
libanais lebanon turquie turkey turc afghanistan afghan pakistan inde india indien bangladesh philippines philippin filipino chine china
chinois chinese europe européen european espagne spain espagnol spanish france français française french italie italy italien italian
allemagne germany allemand german belgique belgium portugal portugais suisse pays-bas netherlands angleterre england anglais english
canada canadien amérique america américain american afrique africain africaine africa african arabe arabic amazigh tamazight berbère
darija wolof peul pulaar fulani bambara malinké mandingue soninké haoussa hausa yoruba igbo lingala swahili créole portuguese
المغرب مغربي مغربية الجزائر جزائري تونس تونسي ليبيا ليبي مصر مصري السودان سوداني سودانية السنغال سنغالي سنغالية مالي مالية موريتانيا
غينيا غيني غينية غامبيا كوت ديفوار ساحل العاج إيفواري الكاميرون كاميروني كاميرونية الكونغو كونغولي الغابون تشاد تشادي النيجر نيجيريا
نيجيري نيجيرية بنين توغو غانا غاني بوركينا فاسو سيراليون ليبيريا أنغولا رواندا بوروندي أوغندا كينيا الصومال صومالي إريتريا إثيوبيا
جزر القمر مدغشقر جيبوتي سوريا سوري سورية اليمن يمني يمنية العراق عراقي فلسطين فلسطيني لبنان لبناني تركيا أفغانستان أفغاني باكستان
الهند هندي بنغلاديش الفلبين فلبينية الصين صيني أوروبا أوروبي إسبانيا إسباني الإسبانية فرنسا فرنسي الفرنسية إيطاليا إيطالي ألمانيا
بلجيكا البرتغال سويسرا هولندا إنجلترا الإنجليزية كندا أمريكا أمريكي إفريقيا أفريقيا إفريقي العربية عربي أمازيغي الأمازيغية الدارجة
"""

EVERYDAY = frozenset(fold_words(" ".join((FRENCH, ENGLISH, ARABIC, DARIJA, COUNTRIES))))
WRITTEN_WITH = ("وال", "بال", "ال", "لل", "و", "ب", "ل", "ف", "ك")  # Arabic writes these with the next word
SHORTEST = 3  # letters of a word that stands behind one of them


def is_everyday(word: str) -> bool:
    """Whether a word in its surface form is one of these, alone or behind what Arabic writes with it."""
    behind = (word.removeprefix(before) for before in WRITTEN_WITH if word.startswith(before))
    return word in EVERYDAY or any(len(rest) >= SHORTEST and rest in EVERYDAY for rest in behind)
