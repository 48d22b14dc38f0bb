using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using Role = DispatchCenter.Hub.Kernel.Rights.Role;

namespace DispatchCenter.Web.Kernel.OpenApi;

/// <summary>A set of values on the wire, and the members of wire types that have one of them. On the wire they are strings: the domain's names, or the constants of a contract.</summary>
/// <param name="Members">As <c>Type.member</c>; <c>*.member</c> in every type, but for <c>!Type.member</c>.</param>
internal sealed record WireValues(string Name, IReadOnlyList<string> Values, params IReadOnlyList<string> Members)
{
    public static readonly IReadOnlyList<WireValues> All =
    [
        new("Level", Enum.GetNames<Level>(), "*.level", "!OutboxLine.level"), // a test message has none
        new("CallState", Constants(typeof(CallStates)), "CallCard.state", "ChildLine.state", "PartyView.state", "TrackedCall.state"),
        new("CallFlag", Constants(typeof(CallFlags)), "CallCard.flags"),
        new("Rung", Of<Rung>(), "CallCard.rung", "CalloutPart.rung"),
        new("Source", Of<Source>(), "CallCard.source"),
        new("AnswerKind", Of<AnswerKind>(), "AnswerCard.kind", "PromisedAnswer.kind", "PromiseView.answer"),
        new("ClockKind", Of<ClockKind>(), "PromiseView.clock"),
        new("PostKind", Of<PostKind>(), "LeadCard.post", "RaceWinner.post", "Me.postKind", "MyPost.postKind", "UnreachablePost.kind", "RosterPost.kind", "CalloutPost.kind", "ToldMessage.kind", "CalloutChoice.kinds"),
        new("Satisfaction", Of<Satisfaction>(), "EvaluationRequest.satisfaction", "OrderRequest.satisfaction"),
        new("Datum", ["wgs84", "gcj02"], "LocationRequest.datum", "PositionView.datum"),
        new("ReturnReason", Of<ReturnReason>(), "ReturnRequest.reason"),
        new("CallbackResult", Of<CallbackResult>(), "OrderRequest.result"),
        new("ExemptionReason", Of<ExemptionReason>(), "ExemptionView.reason", "OrderRequest.reason"),
        new("PetitionKind", Of<PetitionKind>(), "PleaView.kind"),
        new("ChoiceOrder", Of<ChoiceOrder>(), "CandidatesView.order"),
        new("Nearness", Of<Nearness>(), "CandidateTeam.nearness"),
        new("Role", Of<Role>(), "Me.role"),
        new("ShiftDays", Of<ShiftDays>(), "ShiftKindRequest.days"),
        new("FieldKind", Of<FieldKind>(), "FieldView.kind", "FieldValue.kind"),
        new("Privacy", Of<Privacy>(), "FieldView.privacy"),
        new("Visibility", Of<Visibility>(), "ProcedureView.visibility"),
        new("PlaceKind", Of<PlaceKind>(), "ProcedureView.place"),
        new("StageState", ["past", "now", "ahead"], "MatterStage.state"),
        new("CalloutState", ["waiting", "answered", "silent", "absent"], "CalloutPost.state"),
        new("SearchedBy", [SearchHit.ByNumber, SearchHit.ByPhone, SearchHit.ByWords, SearchHit.ByPlace, SearchHit.ByTeam, SearchHit.ByCategory], "SearchHit.by"),
        new("ChannelKind", ["weCom", "dingTalk", "feishu", "sms", "voice", "webhook", "push", "weComApp"], "ChannelRequest.kind", "ChannelView.kind"),
        new("MessageState", ["waiting", "sent", "dead", "cancelled", "skipped", "expanded", "collapsed"], "OutboxLine.state", "ToldMessage.state", "CalloutTold.state"),
    ];

    public static WireValues? Of(string type, string member) => All.FirstOrDefault(set => set.Members.Contains($"{type}.{member}") || (set.Members.Contains($"*.{member}") && !set.Members.Contains($"!{type}.{member}")));

    private static List<string> Of<T>() where T : struct, Enum => [.. Enum.GetValues<T>().Select(Names.Camel)];

    private static List<string> Constants(Type type) => [.. type.GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];
}
