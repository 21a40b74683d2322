"""What the templates of drills say, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass

from layers.drills.plan import Grade

Told = tuple[str, str]  # Chinese, English
#: Phase, role, minutes after the step before (below 0: after its beginning), minutes it lasts,
#: unit, title, words, expected response.
Line = tuple[str, str, float, float, str, Told, Told, Told]
CHAPTERS: dict[str, Told] = {
    "command": ("指挥长统一指挥，各角色按步骤负责。", "One commander; every role leads its steps."),
    "start": (
        "接报核实后由指挥长启动响应。",
        "The commander starts it once the report is checked.",
    ),
    "support": (
        "通信、车辆、物资与医疗按单位清单落实。",
        "Radio, vehicles, supplies and medical help as listed under units.",
    ),
    "end": (
        "险情消除、人员清点完毕后由指挥长宣布终止。",
        "The commander ends it when the danger is over and everybody is counted.",
    ),
}


@dataclass(frozen=True, slots=True)
class Raw:
    """One template as it is written down."""

    type: str
    grade: Grade
    zone: float
    symbol: str
    name: Told
    summary: Told
    objectives: tuple[Told, ...]
    roles: tuple[tuple[str, Told], ...]
    units: tuple[tuple[str, str, str, Told], ...]
    steps: tuple[Line, ...]
    inject: tuple[Told, Told, Told]
    scope: Told
    measures: Told

    @property
    def chapters(self) -> dict[str, Told]:
        """The chapters of the written plan by key."""
        return {**CHAPTERS, "scope": self.scope, "measures": self.measures}


COMMANDER: tuple[str, Told] = ("r1", ("指挥长", "Commander"))
MEDICAL: tuple[str, Told] = ("r4", ("医疗救护组", "Medical team"))
POLICE: tuple[str, Told] = ("r5", ("公安交警", "Police"))
AMBULANCE: tuple[str, str, str, Told] = ("u3", "r4", "vehicle", ("救护车", "Ambulance"))
PATROL: tuple[str, str, str, Told] = ("u4", "r5", "vehicle", ("警车", "Patrol car"))


def _lines(
    reporter: str, crew: str, alarm: tuple[Told, Told],
    measures: tuple[tuple[str, Told, Told], ...], recover: Told,
) -> tuple[Line, ...]:  # fmt: skip
    """Put alarm, start, cordon, measures and end in the order every template has."""
    first: tuple[Line, ...] = (
        ("p1", reporter, 0, 2, "", *alarm, ("接警员复述地点与情况", "The operator repeats it")),
        ("p1", "r1", 1, 3, "", ("核实并上报", "The report is checked and passed on"),
         ("情况属实，按程序上报。", "It is confirmed; report upwards."),
         ("值班领导到岗", "The duty officer takes over")),
        ("p2", "r1", 0, 3, "", ("启动响应", "The response starts"),
         ("启动应急响应，各组就位。", "The response starts, all teams take their places."),
         ("各组应答", "All teams answer")),
        ("p2", "r5", 3, 5, "u4", ("设置警戒区、管制交通", "Cordon and traffic control"),
         ("请绕行，勿靠近。", "Please go around, keep away."),
         ("警戒区内无无关人员", "Nobody else inside the cordon")),
        ("p2", crew, -2, 5, "u1", ("队伍到场侦察", "The crew arrives and looks around"),
         ("已到场，开始侦察。", "On the scene, looking around."),
         ("向指挥长报告侦察结果", "Findings go to the commander")),
    )  # fmt: skip
    middle: tuple[Line, ...] = tuple(
        ("p3", role, 1, 8, unit, title, words, ("完成后报告指挥长", "Done is reported"))
        for (unit, title, words), role in zip(
            measures,
            [{"u1": crew, "u2": "r3", "u3": "r4", "u4": "r5"}.get(m[0], "r3") for m in measures],
            strict=True,
        )
    )  # fmt: skip
    last: tuple[Line, ...] = (
        ("p4", "r3", 1, 5, "", ("清点人员", "Everybody is counted"),
         ("人员清点完毕。", "All are accounted for."), ("无人失联", "Nobody is missing")),
        ("p4", "r1", 1, 2, "", ("宣布响应终止", "The response ends"),
         ("险情消除，响应终止。", "The danger is over, the response ends."),
         ("各组撤收", "Teams pack up")),
        ("p4", "r1", 0, 10, "", recover, ("请各组讲评。", "Each team tells how it went."),
         ("形成问题清单", "A list of what to improve")),
    )  # fmt: skip
    return first + middle + last


TEMPLATES: dict[str, Raw] = {
    "high-rise-fire": Raw(
        "fire", "III", 80.0, "A20100", ("高层建筑火灾演练", "Fire in a high-rise"),
        ("高层建筑中部楼层起火，烟气向上蔓延，有人员被困。",
         "A fire on a middle floor of a high-rise; smoke rises, people are trapped."),
        (("三分钟内完成报警与内部通报", "Alarm and announcement within three minutes"),
         ("十五分钟内完成着火层及以上疏散", "Floors from the fire up are empty in fifteen minutes"),
         ("供水不间断", "Water without a break")),
        (COMMANDER, ("r2", ("消防救援队", "Fire crew")), ("r3", ("物业疏散组", "Building staff")),
         MEDICAL, POLICE),
        (("u1", "r2", "vehicle", ("水罐消防车", "Engine")),
         ("u2", "r3", "team", ("疏散引导员", "Evacuation stewards")), AMBULANCE, PATROL,
         ("u5", "r2", "vehicle", ("云梯消防车", "Ladder"))),
        _lines(
            "r3", "r2",
            (("发现火情并报警", "The fire is seen and reported"),
             ("高层建筑中部起火，有人被困！", "Fire on a middle floor, people are trapped!")),
            (("u2", ("启动应急广播，着火层及以上先疏散",
                     "Announcement; floors from the fire up leave first"),
              ("请走疏散楼梯，不要乘电梯。", "Take the stairs, not the lifts.")),
             ("u1", ("消火栓供水、内攻灭火", "Water from the hydrant, attack inside"),
              ("水枪出水，内攻开始。", "Water on, going in.")),
             ("u1", ("搜救被困人员", "Search for the trapped"),
              ("发现被困人员，正在转移。", "Found, bringing them out.")),
             ("u3", ("检伤与转运", "Triage and transport"),
              ("重伤优先转运。", "The worst hurt go first.")),
             ("u1", ("控制火势、排烟", "The fire is under control, smoke is drawn off"),
              ("明火扑灭。", "No more flames."))),
            ("讲评与现场保护", "Review, and the scene is kept"),
        ),
        (("消防电梯停运", "The fire lift stops"),
         ("消防电梯故障，请改走楼梯。", "The fire lift is out, take the stairs."),
         ("改由楼梯运送器材", "Gear goes up the stairs")),
        ("适用于高层住宅与公共建筑火灾。", "Fires in high-rise homes and public buildings."),
        ("先救人、后灭火，疏散与内攻同步。", "People first; evacuation and attack side by side."),
    ),
    "gas-leak": Raw(
        "gas-leak", "III", 100.0, "A20300", ("燃气泄漏演练", "Gas leak"),
        ("道路施工挖断中压燃气管道，燃气大量泄漏。",
         "Road works have cut a medium-pressure gas main; much gas escapes."),
        (("五分钟内设置警戒区", "A cordon within five minutes"),
         ("十五分钟内关闭上游阀门", "The valves upstream are shut within fifteen minutes"),
         ("泄漏区内无火源", "No source of fire near the leak")),
        (COMMANDER, ("r2", ("消防救援队", "Fire crew")),
         ("r3", ("燃气抢修队", "Gas repair crew")), MEDICAL, POLICE),
        (("u1", "r2", "vehicle", ("消防车", "Engine")),
         ("u2", "r3", "vehicle", ("燃气抢修车", "Gas repair van")), AMBULANCE, PATROL),
        _lines(
            "r3", "r2",
            (("发现泄漏并报警", "The leak is noticed and reported"),
             ("燃气管道被挖断，气味很大！", "A gas main is cut, the smell is strong!")),
            (("u1", ("浓度检测、划定危险区", "Measuring, the danger zone is set"),
              ("浓度超限，禁止一切火源。", "Over the limit: no fire of any kind.")),
             ("u2", ("关闭上下游阀门", "Valves are shut"), ("阀门已关闭。", "Valves shut.")),
             ("u4", ("疏散周边居民", "Neighbours leave"),
              ("请关闭明火，向上风方向撤离。", "Put out flames, leave upwind.")),
             ("u1", ("喷雾稀释", "Water spray thins the gas"),
              ("喷雾水枪出水。", "Spray on.")),
             ("u2", ("抢修管道、置换试压", "The main is repaired and tested"),
              ("试压合格。", "The test is passed."))),
            ("恢复供气、讲评", "Gas is back, review"),
        ),
        (("上游阀门卡死", "The valve upstream is stuck"),
         ("阀门无法关闭。", "The valve does not close."),
         ("改关更上一级阀门并扩大停气范围", "The next valve is shut, more are without gas")),
        ("适用于城镇燃气管道泄漏。", "Leaks of gas mains in towns."),
        ("先禁火、再关阀，上风向疏散。", "No fire first, then the valves; people leave upwind."),
    ),
    "waterlogging": Raw(
        "flood", "III", 120.0, "A10300", ("城市内涝演练", "Waterlogging"),
        ("短时强降雨，下穿通道积水，车辆与人员被困。",
         "A cloudburst floods an underpass; cars and people are caught."),
        (("十分钟内封闭积水路段", "The flooded road is closed within ten minutes"),
         ("被困人员全部转移", "Everybody caught is brought out"),
         ("两小时内排除积水", "The water is gone within two hours")),
        (COMMANDER, ("r2", ("抢险排水队", "Pumping crew")),
         ("r3", ("街道转移组", "Street office")), MEDICAL, POLICE),
        (("u1", "r2", "vehicle", ("排水泵车", "Pump truck")),
         ("u2", "r3", "team", ("转移小组", "Relocation team")), AMBULANCE, PATROL),
        _lines(
            "r3", "r2",
            (("积水报警", "High water is reported"),
             ("下穿通道积水超过四十厘米！", "The underpass is flooded over forty centimetres!")),
            (("u4", ("封闭下穿通道", "The underpass is closed"),
              ("前方积水，请绕行。", "Flooded ahead, go around.")),
             ("u2", ("救出被困车内人员", "People are taken out of their cars"),
              ("被困人员已救出。", "They are out.")),
             ("u1", ("架设泵车抽排", "Pumps are set up"), ("开始抽排。", "Pumping.")),
             ("u2", ("转移低洼处居民", "People from low ground are moved"),
              ("请携带证件，随队转移。", "Take your papers and come with us.")),
             ("u1", ("巡查井盖与用电安全", "Manholes and power are checked"),
              ("井盖完好，电源已切断。", "Covers in place, power off."))),
            ("恢复通行、消毒、讲评", "The road opens, cleaning, review"),
        ),
        (("泵站停电", "The pumping station loses power"),
         ("泵站断电，水位上涨。", "No power, the water rises."),
         ("调用移动电源车", "A generator truck is called")),
        ("适用于短时强降雨引发的道路与低洼处积水。",
         "Roads and low ground flooded by cloudbursts."),
        ("先断路、再救人、后排水。", "Close the road, bring people out, then pump."),
    ),
    "earthquake-shelter": Raw(
        "earthquake", "II", 200.0, "A10400", ("地震避险疏散演练", "Earthquake and shelter"),
        ("发生有感地震，部分房屋受损，居民向避难场所疏散。",
         "An earthquake is felt, some houses are damaged, people go to shelters."),
        (("避险动作正确", "Everybody takes cover rightly"),
         ("二十分钟内到达避难场所", "In the shelter within twenty minutes"),
         ("登记率百分之百", "Everybody is registered")),
        (COMMANDER, ("r2", ("救援队", "Rescue team")),
         ("r3", ("社区疏散组", "Community stewards")), MEDICAL, POLICE),
        (("u1", "r2", "team", ("搜救分队", "Search team")),
         ("u2", "r3", "team", ("疏散引导员", "Stewards")), AMBULANCE, PATROL,
         ("u5", "r3", "supply", ("帐篷与饮水", "Tents and water"))),
        _lines(
            "r3", "r2",
            (("地震警报，就地避险", "Earthquake alarm, take cover"),
             ("地震！伏地、遮挡、手抓牢！", "Earthquake! Drop, cover, hold on!")),
            (("u2", ("引导居民沿疏散路线撤离", "People are led along the way out"),
              ("请沿空旷路线前往避难场所。", "Keep to open ground on the way to the shelter.")),
             ("u5", ("开放避难场所、分区安置", "The shelter opens, people find their places"),
              ("请按社区登记入住。", "Please register by community.")),
             ("u1", ("搜救被埋压人员", "Search for the buried"),
              ("发现生命迹象。", "Signs of life.")),
             ("u3", ("设置医疗点、检伤", "A medical post, triage"),
              ("医疗点已开设。", "The post is open.")),
             ("u5", ("发放物资、心理疏导", "Supplies are given out, people are comforted"),
              ("请有序领取。", "Please queue."))),
            ("安全鉴定后返回、讲评", "Back home once houses are checked, review"),
        ),
        (("强余震", "A strong aftershock"),
         ("余震！停止作业，撤到空地！", "Aftershock! Stop, out to open ground!"),
         ("搜救队撤出并清点", "The search team comes out and counts")),
        ("适用于有感地震后的避险与安置。", "Taking cover and sheltering after an earthquake."),
        ("先避险、后疏散，分区安置、登记到人。",
         "Cover first, then leave; places by community, everybody registered."),
    ),
    "large-event": Raw(
        "crowd", "III", 150.0, "A20900", ("大型活动人群拥挤处置演练", "Large event: crowding"),
        ("大型活动散场时出入口拥堵，人群密度超过警戒值。",
         "The exits jam at the end of a large event, the crowd is too dense."),
        (("三分钟内启动单向分流", "One-way flow within three minutes"),
         ("密度降到警戒值以下", "The density falls below the limit"),
         ("无踩踏伤亡", "Nobody is hurt")),
        (COMMANDER, ("r2", ("现场安保队", "Stewards")),
         ("r3", ("活动主办方", "Organiser")), MEDICAL, POLICE),
        (("u1", "r2", "team", ("安保分队", "Steward team")),
         ("u2", "r3", "team", ("志愿者", "Volunteers")), AMBULANCE, PATROL),
        _lines(
            "r3", "r2",
            (("监控发现密度超限", "Cameras show too dense a crowd"),
             ("南出口人群密度超过警戒值！", "The crowd at the south exit is too dense!")),
            (("u1", ("暂停入场、设置单向通道", "Nobody comes in, one-way lanes"),
              ("请按箭头方向慢行。", "Walk slowly along the arrows.")),
             ("u2", ("打开备用出口、广播分流", "Spare exits open, announcements"),
              ("北侧出口已开放。", "The north exit is open.")),
             ("u4", ("协调地铁甩站与公交接驳", "The metro skips the stop, buses come"),
              ("地铁本站暂不停靠。", "Trains do not stop here for now.")),
             ("u3", ("救治不适人员", "People who feel unwell are treated"),
              ("请让出通道。", "Please make way.")),
             ("u1", ("分批放行直至密度恢复", "People leave in groups until it is safe"),
              ("密度恢复正常。", "The density is back to normal."))),
            ("清场、讲评", "The ground is cleared, review"),
        ),
        (("有人跌倒", "Somebody falls"),
         ("前方有人跌倒，停止前进！", "Somebody is down, stop!"),
         ("安保形成人墙，医疗进入", "Stewards make a wall, the medical team goes in")),
        ("适用于大型群众性活动的人群拥挤。", "Crowding at large public events."),
        ("先止流、再分流、后放行。", "Stop the flow, split it, then let people go."),
    ),
}  # fmt: skip
