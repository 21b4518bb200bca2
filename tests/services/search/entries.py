"""A small world of entries that both engines are asked about, and the groups of synonyms that go with it."""

from __future__ import annotations

from services.search.entries import Entry, Section, Words
from services.search.synonyms import Group

EVERYBODY = ("regular", "undocumented", "asylum_seeker", "refugee", "woman")


def guide(key: str, topic: str, **texts: Words) -> Entry:
    return Entry(
        "guide", key, f"/guides/{topic}/{key}/", topic, texts, {"kind": ("guide",), "topic": (topic,)}, weight=1.0
    )


def service(key: str, category: str, region: str, *, point: tuple[float, float] | None = None, open_in: tuple[str, ...] = (),
            welcomes: tuple[str, ...] = EVERYBODY, language: tuple[str, ...] = ("fr",), **texts: Words) -> Entry:  # fmt: skip
    facets = {
        "kind": ("service",), "topic": (), "category": (category,), "region": (region,), "city": (),
        "language": language, "welcomes": welcomes,
    }  # fmt: skip
    return Entry("service", key, f"/services/{key}/", category, texts, facets, point=point, open_in=open_in)


WORLD = [
    guide(
        "renew-residence-permit", "residence",
        fr=Words("Renouveler votre titre de séjour", "Déposez le dossier avant la fin de votre carte.",
                 (Section("documents", "Ce qu’il faut apporter", "Votre passeport et le récépissé."),
                  Section("steps", "Étape par étape", "Allez au service des étrangers avec la carte d’immatriculation."))),
        ar=Words("تجديد سند الإقامة", "ضع ملفك قبل نهاية بطاقتك.",
                 (Section("documents", "ما الذي تحضره", "جواز سفرك ووصل الطلب."),)),
        en=Words("Renew your residence permit", "Hand in your file before your card ends.",
                 (Section("documents", "What to bring", "Your passport and the receipt."),)),
    ),
    guide(
        "see-a-doctor", "health",
        fr=Words("Voir un médecin", "Le centre de santé soigne tout le monde, avec ou sans papiers."),
        ar=Words("زيارة الطبيب", "المركز الصحي يعالج الجميع، بوثائق أو بدونها. اذهب إلى المستشفى في حالة الاستعجال."),
        en=Words("See a doctor", "The health centre treats everyone, with or without papers."),
    ),
    guide("free-legal-help", "legal-aid", fr=Words("Trouver une aide juridique gratuite", "Un avocat peut vous aider sans payer.")),
    service("clinic-rabat", "health", "MA-04", point=(34.02, -6.83), open_in=("all",),
            fr=Words("Centre médical de Rabat", "Consultations pour les migrants."), ar=Words("المركز الطبي بالرباط", "فحوص للمهاجرين.")),
    service("clinic-oujda", "health", "MA-02", point=(34.68, -1.91), welcomes=("refugee",), language=("ar", "fr"),
            fr=Words("Clinique d’Oujda", "Soins pour les réfugiés."), en=Words("Oujda clinic", "Care for refugees.")),
    service("lawyers-rabat", "legal_aid", "MA-04", point=(34.01, -6.85),
            fr=Words("Avocats solidaires", "Conseil juridique à Rabat.")),
    service("night-shelter", "shelter", "MA-06", fr=Words("Accueil de nuit", "Un lit pour la nuit.")),
]  # fmt: skip

GROUPS = [
    Group("lawyer", "legal-aid|legal_aid",
          {"fr": ("avocat", "maître*"), "en": ("lawyer", "attorney"), "ar": ("محامي",), "ary": ("mo7ami", "bogado*")},
          {"fr": "avocat", "en": "lawyer", "ar": "محامي", "ary": "mo7ami"}),
    Group("residence-permit", "residence",
          {"fr": ("titre de séjour", "carte de séjour", "papiers"), "en": ("residence permit",), "ar": ("سند الإقامة", "بطاقة الإقامة"),
           "ary": ("carte d sejour", "war9a dyal l-i9ama")},
          {"fr": "titre de séjour", "en": "residence permit", "ar": "سند الإقامة", "ary": ""}),
    Group("doctor", "health",
          {"fr": ("médecin", "docteur", "toubib"), "en": ("doctor",), "ar": ("طبيب", "دكتور"), "ary": ("tbib", "sbitar")},
          {"fr": "médecin", "en": "doctor", "ar": "طبيب", "ary": "tbib"}),
    Group("unpaid", "employment", {"fr": ("salaire pas payé",), "ar": ("لم أتقاض أجرتي",), "en": (), "ary": ("ma khlsnich",)},
          {"fr": "salaire pas payé", "ar": "", "en": "", "ary": ""}),
]  # fmt: skip
