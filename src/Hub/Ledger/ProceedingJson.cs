using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Ledger;

/// <summary>A matter as its row keeps it, and its facts as the journal does: each fact is one text without spaces.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(CallNoJson), typeof(PostIdJson), typeof(CommunityCodeJson), typeof(GridCodeJson), typeof(TeamCodeJson), typeof(StationCodeJson), typeof(RespondentJson)])]
[JsonSerializable(typeof(Proceeding))]
[JsonSerializable(typeof(Fact))]
internal sealed partial class ProceedingJson : JsonSerializerContext
{
    public static string Write(Proceeding matter) => JsonSerializer.Serialize(matter, Default.Proceeding);

    public static Proceeding Read(string body) => JsonSerializer.Deserialize(body, Default.Proceeding) ?? throw new InvalidOperationException("A matter's row is empty.");

    /// <summary>The facts of a change as the journal's detail. A space can only be inside a code: it is escaped, because spaces separate the details of a line.</summary>
    public static ImmutableArray<Detail> Details(IEnumerable<Fact> facts) => [.. facts.Select(f => new Detail.Unknown(JsonSerializer.Serialize(f, Default.Fact).Replace(" ", "\\u0020", StringComparison.Ordinal)))];

    /// <summary>The facts of a journal entry; what is no fact, such as when a phone was tapped, is left out.</summary>
    public static ImmutableArray<Fact> Facts(IEnumerable<Detail> detail) =>
        [.. detail.OfType<Detail.Unknown>().Where(d => d.Text.StartsWith('{')).Select(d => JsonSerializer.Deserialize(d.Text, Default.Fact)).OfType<Fact>()];
}

internal sealed class RespondentJson() : CodeJson<Respondent>(s => Respondent.Parse(s) ?? throw new JsonException($"Nobody is written as {s}."), r => r.ToString()!);

/// <summary>Builds the card of a matter.</summary>
internal static class MatterCards
{
    public static MatterCard Of(Proceeding matter) => new()
    {
        CallNo = matter.No.Value,
        Version = matter.Version,
        Kind = MatterKindNames.Procedure,
        Procedure = matter.Procedure,
        ProcedureVersion = matter.ProcedureVersion,
        Community = matter.Community.Value,
        Grid = matter.Grid?.Value,
        Stage = matter.Visit?.Stage,
        Outcome = matter.Outcome,
        Visibility = Names.Camel(matter.Visibility),
        Rung = Names.Camel(matter.Rung),
        Flags = Flags(matter),
        Owed = [.. (matter.Visit?.Owed ?? []).Select(o => new OwedCard { Key = o.Key, Ask = o.Ask, Asked = [.. o.Asked.Select(Shown).Distinct()], Need = o.Need, Given = o.Answers.Length, Item = o.Item })],
        From = matter.Visit?.Clock?.From,
        Due = matter.Visit?.Clock?.Due,
        Breached = matter.Visit?.Clock?.Breached is true,
        Promised = matter.Promise?.Due,
        PromiseKept = matter.PromiseKept,
        NextDue = matter.NextDue,
        BreachAt = matter.BreachAt,
        OpenedAt = matter.OpenedAt,
        SuspendedUntil = matter.Suspended?.Until,
        Parent = matter.Parent?.Value,
        Items = matter.Items.Length > 0 ? matter.Items.Length : null,
        ItemsHeld = matter.Items.Count(i => i.ReturnedAt is null) is > 0 and var held ? held : null,
        Petitions = matter.Pleas.IsEmpty ? null : [.. matter.Pleas.Select(p => Names.Camel(p.Kind))],
        CallerNotes = matter.CallerNotes > 0 ? matter.CallerNotes : null,
        Rings = matter.Visit?.Rings is true ? true : null,
    };

    /// <summary>A post has no name on a card.</summary>
    private static string Shown(Respondent asked) => asked is Respondent.OfPost ? "post" : asked.ToString()!;

    private static List<string> Flags(Proceeding matter)
    {
        var flags = new List<string>();
        if (matter.Drill) flags.Add(CallFlags.Drill);
        if (matter.Cancelled) flags.Add(Outcomes.Cancelled);
        if (matter.Promise?.Breached is true) flags.Add("promiseBroken");
        if (matter.NobodyOnDuty) flags.Add(CallFlags.NobodyOnDuty);
        if (matter.Recusal != Recusal.None) flags.Add("recused");
        return flags;
    }
}
