from hashlib import sha256
from pathlib import Path

import pytest

from wherefrom.service.auth.api_keys import find_key, parse_key_file, parse_keys

KEY = "0123456789abcdef"
OTHER = "fedcba9876543210"


def test_a_key_is_recognised_by_its_hash() -> None:
    (key,) = parse_keys(KEY)
    assert (key.name, key.digest) == ("key-1", sha256(KEY.encode()).digest())
    assert find_key([key], KEY) is key
    for other in ("", KEY[:-1], KEY + "0", KEY.upper(), OTHER, "\udcff", key.digest.hex()):
        assert find_key([key], other) is None


def test_keys_may_have_names_and_be_given_as_hashes() -> None:
    hashed = sha256(OTHER.encode()).hexdigest()
    keys = parse_keys(f"desk:{KEY}, robot:sha256:{hashed},sha256:{'0' * 64}")
    assert [key.name for key in keys] == ["desk", "robot", "key-3"]
    assert parse_keys(KEY, default_name="reader")[0].name == "reader-1"
    assert find_key(keys, OTHER) is keys[1]


def test_a_file_holds_one_key_per_line(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"# ours\n\n{KEY}\ndesk:{OTHER} # the desk's\n")
    assert [key.name for key in parse_key_file(str(file))] == ["key-1", "desk"]
    file.write_bytes(b"\xff")
    with pytest.raises(ValueError, match="is not UTF-8 text"):
        parse_key_file(str(file))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "holds no key"),
        (" , ", "holds no key"),
        ("short", "entry 1 is no key"),
        (f"{KEY},a b c d e f g h i j", "entry 2 is no key"),
        (f"a:b:{KEY}", "entry 1 is no key"),
        (f"two words:{KEY}", "entry 1 is no key"),
        ("sha256:abc", "entry 1 is no key"),
        (f"a:{KEY},a:{OTHER}", "two keys have the same name"),
    ],
)
def test_an_invalid_key_is_refused_by_its_number(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refused:
        parse_keys(text)
    assert KEY not in str(refused.value)
