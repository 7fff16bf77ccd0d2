import pytest

from wherefrom.index.types import Filters, Given


def test_one_text_in_a_field_of_several_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^authors: must be several texts, such as \('Ann Otter',\), not one text$"):
        Given(authors="Ann Otter")  # type: ignore[arg-type]
    for name in ("publisher", "agency", "author", "title", "language", "document_id"):
        with pytest.raises(TypeError, match=f"^{name}: must be several texts"):
            Filters(**{name: "one"})  # type: ignore[arg-type]


def test_several_texts_may_be_a_list() -> None:
    assert Given(authors=["Ann Otter"]) == Given(authors=("Ann Otter",))  # type: ignore[arg-type]
    assert hash(Filters(title=["bridge"])) == hash(Filters(title=("bridge",)))  # type: ignore[arg-type]
