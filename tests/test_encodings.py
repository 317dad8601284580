"""Bytes become characters whatever their encoding says, or says nothing."""

from __future__ import annotations

import pytest

import world
from tocsin.extract import read
from tocsin.extract.decode import decoded
from tocsin.records import Document

TEXTS = {
    "de": "Die Außenministerin erklärte am Montag in München, dass die Gespräche über Rüstung fortgeführt würden.",
    "pl": "Minister oświadczył w poniedziałek, że rozmowy o zbrojeniach będą kontynuowane, być może w Łodzi.",
    "tr": "Dışişleri bakanı pazartesi günü silahlanma görüşmelerinin süreceğini gazetecilere açıkladı.",
    "ru": "Министр обороны заявил в понедельник, что переговоры о вооружениях будут продолжены в марте.",
    "uk": "Міністр оборони заявив у понеділок, що переговори про озброєння триватимуть і в березні.",
    "el": "Ο υπουργός Εξωτερικών δήλωσε τη Δευτέρα ότι οι συνομιλίες για τους εξοπλισμούς θα συνεχιστούν.",
    "he": "שר החוץ אמר ביום שני כי השיחות על החימוש יימשכו. דובר המשרד אמר זאת לעיתונאים.",
    "ar": "قال وزير الخارجية يوم الاثنين إن المحادثات بشأن التسلح ستستمر، وأضاف المتحدث أن الاجتماع المقبل في مارس.",
    "ja": "外務大臣は月曜日、軍備に関する協議を続けると述べた。報道官は、次回の会合は三月に開かれると語った。",
    "zh": "外交部长星期一表示，将继续就军备问题进行会谈。发言人对记者说，下一次会议将于三月举行。",
    "ko": "외교부 장관은 월요일 군비에 관한 협의를 계속하겠다고 밝혔다. 대변인은 기자들에게 그렇게 말했다.",
}
ENCODINGS = [
    ("de", "windows-1252"), ("de", "utf-16"), ("pl", "windows-1250"), ("pl", "iso-8859-2"), ("tr", "windows-1254"),
    ("ru", "windows-1251"), ("ru", "koi8-r"), ("ru", "iso-8859-5"), ("ru", "cp866"), ("uk", "koi8-u"),
    ("el", "windows-1253"), ("he", "windows-1255"), ("ar", "windows-1256"), ("ja", "shift_jis"), ("ja", "euc-jp"),
    ("ja", "iso-2022-jp"), ("zh", "gb18030"), ("ko", "euc-kr"),
]  # fmt: skip


def article(body: bytes, form: str) -> Document:
    (found,) = read(world.capture(body, form=form), body, world.rules())
    assert isinstance(found, Document), found
    return found


@pytest.mark.parametrize(("language", "encoding"), ENCODINGS)
def test_a_text_that_does_not_say_its_encoding(language: str, encoding: str) -> None:
    text = f"{TEXTS[language]} {TEXTS[language]}"
    found = decoded(text.encode(encoding))
    assert found is not None
    assert found.text == text
    assert article(text.encode(encoding), "text").language == language


@pytest.mark.parametrize(("language", "encoding"), [pair for pair in ENCODINGS if pair[1] != "utf-16"])
@pytest.mark.parametrize("declared", ["rightly", "not at all", "utf-8", "iso-8859-1"])
def test_a_page_whatever_encoding_it_declares(language: str, encoding: str, declared: str) -> None:
    name = {"rightly": encoding, "not at all": ""}.get(declared, declared)
    meta = f'<meta charset="{name}">' if name else ""
    before = f"<!doctype html><html lang='en'><head>{meta}<title>T</title></head><body><article><p>"
    after = "</p></article></body></html>"
    text = f"{TEXTS[language]} {TEXTS[language]}"
    found = article(before.encode("ascii") + text.encode(encoding) + after.encode("ascii"), "html")
    if declared != "iso-8859-1" or language not in ("pl", "tr"):  # a wrong Latin page of plain letters betrays nothing
        assert found.text == text
    assert found.language == language


def test_a_utf8_text_with_a_few_broken_bytes_stays_utf8() -> None:
    body = (TEXTS["ru"] * 40).encode() + b"\xff" + (TEXTS["ru"] * 40).encode()
    found = decoded(body)
    assert found is not None
    assert found.encoding == "utf-8"
    assert found.text.count("\ufffd") == 1
