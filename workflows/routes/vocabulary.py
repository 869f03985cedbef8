"""Which elements and attributes of BPMN may a route use? What is not listed here is refused by name."""

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
GIJO = "http://gijo.example/route/1"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

NODES = frozenset(
    {
        *("startEvent", "endEvent", "userTask", "manualTask", "businessRuleTask"),
        *("exclusiveGateway", "parallelGateway", "boundaryEvent"),
    }
)

DRAWING_ONLY = frozenset({"documentation", "laneSet", "textAnnotation", "association", "group"})
"""May stand in a process; changes nothing about how it runs."""

IN_PROCESS = NODES | DRAWING_ONLY | {"sequenceFlow", "extensionElements"}
IN_DEFINITIONS = frozenset({"process", "collaboration", "category", "documentation", "extensionElements"})
IN_COLLABORATION = frozenset({"participant", "textAnnotation", "association", "group", "documentation"})

_ANY_NODE = frozenset({"incoming", "outgoing", "documentation", "extensionElements"})
IN_ELEMENT = {
    **dict.fromkeys(NODES, _ANY_NODE),
    "boundaryEvent": _ANY_NODE | {"timerEventDefinition"},
    "endEvent": _ANY_NODE | {"terminateEventDefinition"},
    "sequenceFlow": frozenset({"conditionExpression", "documentation", "extensionElements"}),
}

_ANY = frozenset({"id", "name"})
ATTRIBUTES = {
    **dict.fromkeys(NODES, _ANY),
    "exclusiveGateway": _ANY | {"default", "gatewayDirection"},
    "parallelGateway": _ANY | {"gatewayDirection"},
    "boundaryEvent": _ANY | {"attachedToRef", "cancelActivity"},
    "sequenceFlow": _ANY | {"sourceRef", "targetRef"},
    "process": _ANY | {"isExecutable", "processType", "isClosed"},
}

OF_GIJO = {
    "userTask": frozenset({"step"}),
    "manualTask": frozenset({"step"}),
    "businessRuleTask": frozenset({"table"}),
    "endEvent": frozenset({"end"}),
    "boundaryEvent": frozenset({"timer"}),
}
"""Our own elements that may stand under an element's extensionElements."""

ELEMENT_NAMES = {
    "scriptTask": "スクリプト",
    "serviceTask": "サービスタスク",
    "sendTask": "送信タスク",
    "receiveTask": "受信タスク",
    "task": "種類のないタスク",
    "callActivity": "コールアクティビティ",
    "subProcess": "サブプロセス",
    "transaction": "トランザクション",
    "adHocSubProcess": "アドホックサブプロセス",
    "inclusiveGateway": "包含分岐(○)",
    "complexGateway": "複合分岐(*)",
    "eventBasedGateway": "イベント分岐",
    "intermediateCatchEvent": "中間イベント(待つ)",
    "intermediateThrowEvent": "中間イベント(送る)",
    "messageEventDefinition": "メッセージイベント",
    "signalEventDefinition": "シグナルイベント",
    "errorEventDefinition": "エラーイベント",
    "escalationEventDefinition": "エスカレーションイベント",
    "linkEventDefinition": "リンクイベント",
    "conditionalEventDefinition": "条件イベント",
    "compensateEventDefinition": "補償イベント",
    "cancelEventDefinition": "取消イベント",
    "timerEventDefinition": "タイマー",
    "multiInstanceLoopCharacteristics": "複数インスタンス",
    "standardLoopCharacteristics": "ループ",
    "dataObject": "データオブジェクト",
    "dataObjectReference": "データオブジェクト",
    "dataStoreReference": "データストア",
    "ioSpecification": "入出力の定義",
    "property": "プロパティ",
    "message": "メッセージ",
    "signal": "シグナル",
    "error": "エラー",
    "import": "外部ファイルの取込み",
}
"""What staff call the elements that a drawing tool offers and a route has not."""
