"""What is written on a wire or into a journal is read again as it was."""

from __future__ import annotations

import msgspec
import pytest

from stationer.wire import enrol, ids, journal
from stationer.wire.problem import Problem

DEEDS = [
    kind
    for kind in vars(journal).values()
    if isinstance(kind, type) and issubclass(kind, journal.Deed) and kind is not journal.Deed
]
EXAMPLES = {"<class 'int'>": 3, "<class 'str'>": "words", "<class 'bool'>": True}


def example(kind: type[msgspec.Struct]) -> msgspec.Struct:
    """One with all that it must have; what it may have keeps its default."""
    fields = [field for field in msgspec.structs.fields(kind) if field.required]
    return kind(**{field.name: value_of(str(field.type)) for field in fields})


def value_of(annotation: str) -> object:
    if annotation.startswith("tuple[tuple"):
        return (("a",),)
    if annotation.startswith("tuple"):
        return (3,) if "int" in annotation else ("a",)
    return EXAMPLES[annotation]


@pytest.mark.parametrize("kind", DEEDS, ids=lambda kind: kind.__name__)
def test_a_deed_is_read_as_it_was_written(kind):
    deed = example(kind)
    assert msgspec.json.decode(msgspec.json.encode(deed), type=kind) == deed
    assert kind.__struct_config__.tag == msgspec.json.decode(msgspec.json.encode(deed))["deed"]


def test_no_two_deeds_have_one_name():
    assert len({kind.__struct_config__.tag for kind in DEEDS}) == len(DEEDS)


def test_an_unknown_word_of_an_enrolling_device_is_refused():
    assert msgspec.json.decode(b'{"name": "Laptop"}', type=enrol.Enrolling) == enrol.Enrolling(
        "Laptop", "agent"
    )
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"name": "Laptop", "colour": "red"}', type=enrol.Enrolling)


def test_an_id_with_bits_that_no_id_has_is_refused():
    with pytest.raises(ValueError, match="is not lower-case base32"):
        ids.inside("pen", "pen_" + "z" * 26)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (None, "people: Bob is there twice. Take one away."),
        (7, "line 7, people: Bob is there twice. Take one away."),
    ],
)
def test_a_problem_is_a_sentence_with_its_place(line, sentence):
    assert Problem("people", "Bob is there twice.", "Take one away.", line).sentence() == sentence
