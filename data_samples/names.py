"""Names of compounds, companies and halls, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

COMPOUNDS: Final = (
    ("滨江花园", "Binjiang Garden"), ("江湾一品", "Jiangwan No. 1"), ("翠湖天地", "Cuihu Tiandi"),
    ("望江名邸", "Wangjiang Mansions"), ("锦绣华庭", "Jinxiu Court"), ("金色港湾",
    "Golden Harbour"),
    ("阳光水岸", "Sunny Waterfront"), ("云澜府", "Yunlan Residence"), ("江南春晓",
    "Jiangnan Spring"),
    ("御江苑", "Yujiang Court"), ("康乐小区", "Kangle Estate"), ("梧桐里", "Wutong Lane"),
    ("碧水云天", "Bishui Yuntian"), ("星河湾", "Galaxy Bay"), ("和平里", "Heping Lane"),
    ("建设新村", "Jianshe New Village"), ("桃源居", "Taoyuan Homes"), ("书香门第",
    "Shuxiang Estate"),
    ("湖畔名居", "Lakeside Homes"), ("东方明珠苑", "Oriental Pearl Court"), ("香樟园",
    "Camphor Garden"),
    ("银杏苑", "Ginkgo Court"), ("枫林晚", "Maple Grove"), ("中央公馆", "Central Residence"),
    ("江语城", "Jiangyu Town"), ("玉兰花园", "Magnolia Garden"), ("丽景湾", "Lijing Bay"),
    ("学府雅苑", "Xuefu Court"), ("江月府", "Jiangyue Residence"), ("幸福里", "Xingfu Lane"),
    ("安居苑", "Anju Court"), ("南苑小区", "Nanyuan Estate"), ("工人新村", "Workers' New Village"),
    ("沁园", "Qin Garden"), ("清晖园", "Qinghui Garden"), ("明月湾", "Mingyue Bay"),
    ("天悦府", "Tianyue Residence"), ("缤纷里", "Binfen Lane"), ("春江花月", "Chunjiang Huayue"),
    ("海棠公社", "Begonia Commune"), ("湖畔春天", "Spring Town"), ("创客公寓",
    "Makers' Apartments"),
    ("芳草苑", "Fangcao Court"), ("怡景园", "Yijing Garden"), ("长乐坊", "Changle Quarter"),
    ("东湾家园", "Dongwan Homes"), ("朝晖里", "Zhaohui Lane"), ("橡树湾", "Oak Bay"),
    ("临江雅居", "Linjiang Homes"), ("云城", "Cloud Town"), ("天汇苑", "Tianhui Estate"),
    ("润园", "Run Garden"), ("西山美墅", "Xishan Villas"), ("佳和园", "Jiahe Garden"),
    ("馨园", "Xin Garden"), ("江城一号", "Jiangcheng No. 1"), ("水岸新城", "Waterfront New Town"),
    ("凤凰里", "Phoenix Lane"), ("紫金苑", "Zijin Court"), ("美林青城", "Meilin Qingcheng"),
)  # fmt: skip


LANES: Final = (
    ("青石", "Qingshi"), ("井栏", "Jinglan"), ("油坊", "Youfang"), ("书院后", "Shuyuan Back"),
    ("打铜", "Datong"), ("豆腐", "Doufu"), ("马道", "Madao"), ("染坊", "Ranfang"),
    ("竹器", "Zhuqi"), ("箍桶", "Gutong"), ("药铺", "Yaopu"), ("米市", "Mishi"),
)  # fmt: skip
"""Lanes of the old town; a numeral tells those of one name apart."""


def compound_names() -> Iterator[tuple[str, str]]:
    """The compounds' names in turn; when they run out, with 二期 (Phase 2) and so on."""
    phase = 1
    while True:
        for zh, en in COMPOUNDS:
            if phase == 1:
                yield zh, en
            else:
                yield f"{zh}{'零一二三四五六'[phase]}期", f"{en} Phase {phase}"
        phase += 1


def numbered(place: tuple[str, str], number: int, word: tuple[str, str]) -> tuple[str, str]:
    """Name such as 滨江花园3号楼 / Binjiang Garden Building 3."""
    return f"{place[0]}{number}号{word[0]}", f"{place[1]} {word[1]} {number}"
