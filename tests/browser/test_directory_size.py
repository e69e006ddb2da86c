"""A whole province in the pocket: how large, and how long a look takes on a phone six times slower."""

from __future__ import annotations

import json
import random
import subprocess
from datetime import date
from pathlib import Path
from typing import Any, Final

import brotli
import pytest

from tests.browser.gallery import NODE, ROOT, chromium, comes_true, serve
from triage.directory import packing
from triage.directory.nesting import Row

SERVICES: Final = 10_000
SLOWER: Final = 6
LARGEST: Final = 1024 * 1024
"""Bytes a phone fetches of a province: what a slow mobile line brings in under half a minute."""
FIRST_MS: Final = 4_000
"""From the file's arrival to the first hits, on the slow phone: once for each page."""
SEARCH_MS: Final = 1_000
"""From a key to what it finds, on the slow phone."""

CITIES: Final = (
    "广州",
    "深圳",
    "东莞",
    "佛山",
    "珠海",
    "中山",
    "惠州",
    "江门",
    "汕头",
    "湛江",
    "肇庆",
    "清远",
)
STREETS: Final = (
    "人民路",
    "建设路",
    "解放路",
    "工业大道",
    "新华街",
    "和平路",
    "光明街",
    "振兴路",
    "环城路",
)
KINDS: Final = {
    "legal-aid": ("法律援助工作站", "讨薪、工伤、劳动合同，先咨询再申请"),
    "station": ("工会驿站", "喝水、充电、歇脚，有人可以说话"),
    "hardship": ("困难职工帮扶中心", "生活救助、医疗救助、助学，填表以后七天答复"),
    "outpatient": ("医院心理门诊", "要挂号，初诊大约四十分钟"),
    "labour-inspection": ("劳动监察大队", "投诉欠薪，可以带工友一起来"),
}
SCRIPT: Final = """
import { Directory } from "./triage/client/directory/entry.ts";
import { ANYTHING, Searching } from "./triage/client/directory/search.ts";
const NOW = Date.parse("2026-11-24T02:00:00Z");
window.measure = async (words) => {
  const body = new Uint8Array(await (await fetch("/body.bin")).arrayBuffer());
  const times = [performance.now()];
  await crypto.subtle.digest("SHA-256", body);
  const searching = new Searching(new Directory(body));
  const totals = [searching.find(ANYTHING, NOW, 10).total];
  times.push(performance.now());
  for (const one of words) {
    totals.push(searching.find({ ...ANYTHING, ...one }, NOW, 10).total);
    times.push(performance.now());
  }
  return { totals, ms: times.slice(1).map((at, i) => Math.round(at - times[i])) };
};
"""
LOOKS: Final[tuple[dict[str, Any], ...]] = (
    {"words": "深圳 法律"},
    {"words": "欠薪"},
    {"words": "人民路 驿站", "openOnly": True},
    {"kind": "outpatient", "openOnly": True},
    {"words": "没有这样的词"},
)


def province() -> list[Row]:
    """Ten thousand services of a province, made up: every name, number and street of them."""
    draw, rows = random.Random(44), []
    for number in range(SERVICES):
        kind = draw.choice(sorted(KINDS))
        city, street = draw.choice(CITIES), draw.choice(STREETS)
        name, says = KINDS[kind]
        at, house = f"s{number}", draw.randrange(1, 900)
        org = f"o{number // 9}"
        day = f"2026-{draw.randrange(6, 12):02}-{draw.randrange(1, 24):02}"
        rows += [
            Row("services", at, {
                "id": at, "organization_id": org, "name": f"{city}{street}{house}号{name}",
                "kind": kind, "region": "44", "description": says, "status": "active",
                "assured_date": day, "needs_real_name": draw.choice([True, False, None]),
                "fees_description": draw.choice(["不收费", "挂号费按医院标准", None]),
            }),
            Row("service_at_location", f"a{number}",
                {"id": f"a{number}", "service_id": at, "location_id": f"l{number}"}),
            Row("locations", f"l{number}", {
                "id": f"l{number}", "latitude": round(22 + draw.random() * 3, 5),
                "longitude": round(110 + draw.random() * 7, 5),
            }),
            Row("addresses", f"d{number}", {
                "id": f"d{number}", "location_id": f"l{number}", "city": city,
                "address_1": f"{street}{house}号{draw.randrange(1, 30)}栋{draw.randrange(1, 9)}楼",
            }),
            Row("phones", f"p{number}", {
                "id": f"p{number}", "service_id": at,
                "number": f"07{draw.randrange(50, 70)}-{draw.randrange(2_000_000, 9_000_000)}",
            }),
            Row("schedules", f"h{number}", {
                "id": f"h{number}", "service_id": at, "freq": "WEEKLY",
                "byday": draw.choice(["MO,TU,WE,TH,FR", "MO,TU,WE,TH,FR,SA", "TU,TH"]),
                "opens_at": draw.choice(["08:30", "09:00"]),
                "closes_at": draw.choice(["17:00", "17:30", "20:00"]),
            }),
        ]  # fmt: skip
        if number % 9 == 0:
            rows.append(Row("organizations", org, {"id": org, "name": f"{city}{street}街道总工会"}))
    return rows


@pytest.mark.soak
def test_ten_thousand_services_fit_a_phone_and_are_found_at_once(tmp_path: Path) -> None:
    found = packing.entries(province(), "44", date(2026, 11, 24))
    body = packing.pack(found, region="44", version=1, zone="Asia/Shanghai")
    squeezed = len(brotli.compress(body, quality=9, lgwin=22))
    (tmp_path / "body.bin").write_bytes(body)
    (tmp_path / "index.html").write_text('<script type="module" src="/look.js"></script>')
    subprocess.run(
        [NODE, "node_modules/esbuild/bin/esbuild", "--bundle", "--format=esm", "--loader=ts",
         "--target=chrome80", f"--outfile={tmp_path / 'look.js'}"],
        cwd=ROOT, input=SCRIPT.encode(), check=True, capture_output=True,
    )  # fmt: skip
    with serve(tmp_path) as address, chromium() as browser:
        page = browser.new_page()
        page.goto(address)
        comes_true(page, "'measure' in window")
        slow = page.context.new_cdp_session(page)
        slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        seen = page.evaluate("looks => measure(looks)", list(LOOKS))
    first, *looks = seen["ms"]
    print(
        f"{len(found)} entries: {len(body):,} bytes, {squeezed:,} fetched; at a CPU {SLOWER} times "
        f"slower {first} ms to the first hits, then {json.dumps(looks)} ms a look"
    )
    assert len(found) > 9_000
    assert squeezed < LARGEST
    assert seen["totals"][0] > 9_000
    assert seen["totals"][-1] == 0
    assert all(seen["totals"][:-1])
    assert first < FIRST_MS
    assert max(looks) < SEARCH_MS
