"""The input of the workload json_document: nested records with escapes, text beyond ASCII and all kinds of numbers."""
import json
import random
from pathlib import Path

WORDS = ["alpha", "beta", "gamma", "delta", "caf\u00e9", "na\u00efve", "line\nbreak", "quote\"d", "tab\there",
         "\u65e5\u672c"]
RECORDS = 24_000


def write_document(path: Path) -> None:
    """Writes the document, about 8 MB and the same each time, to [path]."""
    dice = random.Random(7)

    def record(number: int) -> dict:
        return {
            "id": number,
            "name": f"record {number}",
            "active": number % 3 == 0,
            "parent": None if number % 5 else number // 5,
            "title": " ".join(dice.choice(WORDS) for _ in range(6)),
            "stats": {
                "views": dice.randrange(100000),
                "score": round(dice.random() * 100, 6),
                "rank": dice.randrange(-500, 500),
            },
            "tags": [dice.choice(WORDS) for _ in range(dice.randrange(1, 6))],
            "geo": [round(dice.uniform(-90, 90), 7), round(dice.uniform(-180, 180), 7)],
            "address": {
                "street": f"{dice.randrange(999)} Main Street",
                "city": dice.choice(WORDS),
                "zip": f"{dice.randrange(99999):05}",
            },
        }

    document = {"count": RECORDS, "records": [record(number) for number in range(RECORDS)]}
    path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
