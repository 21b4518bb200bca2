import time
from pathlib import Path
import pytest
from referral.printing import forms
from referral.referring import packets
from referral.states.workflow import Status
from tests.referral.referring.referring import scene
from referral.models import Referral
ALL = ["name","contact","language","age_band","sex","need","reason","special_needs","health","address"]
PERSON = dict(given_name="Aminata", family_name="Traoré", phone="+212600000000", commune="Oujda", address="7 rue X", health="asthma", languages=["bm","fr"], interpreter="by_phone", special_needs="كرسي متحرك، طابق أرضي",
  safe_contact={"channels": ["call","sms"], "number": "+212611111111", "hours": "18-20", "words": "Ne pas parler au mari; ask for أمينة (soeur)"})
def test_x(db):
    f = scene(agreed=ALL, **PERSON)
    r = f.at(Status.SENT, categories=ALL, reason="Besoin d'un avocat « rapidement » : " + "audience le 12 mars 2026 ; " * 9)
    o = packets.read(r.pk, by=f.focal)
    r = Referral.objects.get(pk=r.pk)
    for l in ["ar","fr","en"]:
        for i in range(2):
            t=time.perf_counter(); b = forms.referral_form(o, r, l); dt=time.perf_counter()-t
            print(l, len(b), round(dt*1000), "ms")
        Path(f"/tmp/form-{l}.pdf").write_bytes(b)
        t=time.perf_counter(); b=forms.blank_form(l); print("blank", len(b), round(1000*(time.perf_counter()-t)))
        Path(f"/tmp/blank-{l}.pdf").write_bytes(b)
