using System.Collections.Immutable;
using DispatchCenter.Domain.Sla;
using static DispatchCenter.Domain.Matters.ProcedureMistakes;

namespace DispatchCenter.Domain.Matters;

/// <summary>What is wrong with one stage of a procedure: its gate, its asks and its outcomes.</summary>
internal static class StageMistakes
{
    /// <summary>Names of clocks in the journal, and of who opened the matter among those barred.</summary>
    private static readonly ImmutableArray<string> ReservedAsks = ["starter", Proceedings.StageKey, Proceedings.PromiseKey, Proceedings.PauseKey, Proceedings.UntilKey];

    /// <summary>No outcome of a free answer: an item leaves the answer owed, a fail never meets it, and a cancelled matter takes its own way.</summary>
    private static readonly ImmutableArray<string> ReservedOutcomes = [Proceedings.Item, Proceedings.Fail, Outcomes.Cancelled];

    public static IEnumerable<DocumentMistake> Of(Stage stage, string at, Procedure procedure, Policy policy) =>
    [
        .. Coded(stage.Key, $"{at}.key"), .. Named(stage.Name, stage.NameEn, at), .. OfStage(stage, at, policy),
        .. stage.Asks.SelectMany((ask, i) => OfAsk(stage, ask, $"{at}.asks[{i}]", procedure, policy)), .. OfOutcomes(stage, $"{at}.next", procedure),
    ];

    private static IEnumerable<DocumentMistake> OfStage(Stage stage, string at, Policy policy)
    {
        if (stage.Key == Path.End) yield return new("procedure_reserved", $"{at}.key", stage.Key);
        if (stage.Limit is { } limit && !policy.Holds(limit)) yield return new("procedure_limit", $"{at}.limit");
        if (stage.Until is { } until && !policy.Holds(until)) yield return new("procedure_limit", $"{at}.until");
        if (stage.Until is { } last && (stage.Gate is not Gate.Done || !stage.Next.ContainsKey(Outcomes.Lapsed) || stage.Limit is not { } first || first.Kind != last.Kind || first.Length >= last.Length))
            yield return new("procedure_until", $"{at}.until");
        if (stage.Rings && (stage.Asks.IsEmpty || stage.Asks.Any(a => a.Collects || a.PerItemOf is not null || a.Form is not null || !Proceedings.MaySay(stage, a).SequenceEqual([Outcomes.Done])))) yield return new("procedure_rings", $"{at}.rings");
        if (stage.Asks.Length > Procedure.MaxAsks) yield return new("procedure_count", $"{at}.asks", 0, Procedure.MaxAsks);
        switch (stage.Gate)
        {
            case Gate.Vote vote:
                if (stage.Asks.Length != 1) yield return new("procedure_vote_asks", $"{at}.asks");
                if (stage.Limit is null) yield return new("procedure_vote_limit", $"{at}.limit");
                var most = stage.Asks.Sum(a => Known(a) ?? Roles.MaxPosts * a.Roles.Length);
                if (vote.Quorum < 1 || (stage.Asks.Length == 1 && vote.Quorum > most)) yield return new("procedure_between", $"{at}.quorum", 1, Math.Max(1, most));
                break;
            case Gate.Sign:
                if (stage.Asks.IsEmpty) yield return new("procedure_count", $"{at}.asks", 1, Procedure.MaxAsks);
                break;
            case Gate.Done:
                if (stage.Asks.IsEmpty && !stage.AwaitsChildren && !stage.Next.ContainsKey(Outcomes.Lapsed)) yield return new("procedure_stage_empty", $"{at}.asks");
                break;
            default:
                throw new InvalidOperationException($"Unknown gate {stage.Gate}.");
        }
    }

    private static IEnumerable<DocumentMistake> OfAsk(Stage stage, Ask ask, string at, Procedure procedure, Policy policy)
    {
        if (ReservedAsks.Contains(ask.Key) || ask.Key.StartsWith("decide", StringComparison.Ordinal)) yield return new("procedure_reserved", $"{at}.key", ask.Key);
        if (!IsCode(ask.Key) || ask.Key.Contains('-', StringComparison.Ordinal) || char.IsAsciiDigit(ask.Key[^1])) yield return new("procedure_ask_key", $"{at}.key");
        IEnumerable<DocumentMistake> found =
        [
            .. Named(ask.Name, ask.NameEn, at), .. Counted(ask.Roles.Length, Procedure.MaxRoles, $"{at}.roles"), .. Repeated(ask.Roles, i => $"{at}.roles[{i}]"),
            .. ask.Roles.SelectMany((role, i) => OfRole(role, stage, $"{at}.roles[{i}]", procedure, policy)), .. Repeated(ask.Barred, i => $"{at}.barred[{i}]"), .. OfNeed(stage, ask, at), .. OfItems(stage, ask, at, procedure),
        ];
        foreach (var mistake in found) yield return mistake;
        if (ask.At is { } place && place < procedure.Place) yield return new("procedure_place", $"{at}.at");
        if (ask.Form is { } form && procedure.FindForm(form) is null) yield return new("procedure_form_unknown", $"{at}.form", form);
        for (var i = 0; i < ask.Barred.Length; i++)
            if (ask.Barred[i] != "starter" && procedure.FindAsk(ask.Barred[i]) is null) yield return new("procedure_ask_unknown", $"{at}.barred[{i}]", ask.Barred[i]);
    }

    private static IEnumerable<DocumentMistake> OfRole(Role role, Stage stage, string member, Procedure procedure, Policy policy)
    {
        switch (role)
        {
            case Role.OfParty party:
                if (policy.FindParty(party.Code) is null) yield return new("procedure_party", member, party.Code);
                break;
            case Role.Caller:
                if (!procedure.HasCaller) yield return new("procedure_caller", member);
                break;
            case Role.WhoDid did:
                if (procedure.FindAsk(did.Ask) is null) yield return new("procedure_ask_unknown", member, did.Ask);
                else if (!FlowMistakes.MayPrecede(procedure, did.Ask, stage)) yield return new("procedure_who", member, did.Ask);
                break;
            case Role.OfKind or Role.Starter or Role.Chosen:
                break;
            default:
                throw new InvalidOperationException($"Unknown role {role}.");
        }
    }

    private static IEnumerable<DocumentMistake> OfNeed(Stage stage, Ask ask, string at)
    {
        if (stage.Gate is Gate.Vote && ask.Need != Need.All) yield return new("procedure_vote_need", $"{at}.need");
        else if (ask.Need.Count < 1) yield return new("procedure_need_least", $"{at}.need");
        else if (ask.Need.Count is { } need && Known(ask) is { } roles && need > roles && roles > 0) yield return new("procedure_need_most", $"{at}.need", need, roles);
    }

    private static IEnumerable<DocumentMistake> OfItems(Stage stage, Ask ask, string at, Procedure procedure)
    {
        var isDone = stage.Gate is Gate.Done;
        if (ask.Collects && (!isDone || stage.Asks.Length > 1 || ask.Need != Need.One || ask.PerItemOf is not null)) yield return new("procedure_collects", $"{at}.collects");
        if (ask.PerItemOf is not { } items) yield break;
        if (!isDone) yield return new("procedure_per_item_gate", $"{at}.perItemOf");
        if (procedure.FindAsk(items) is not { Collects: true }) yield return new("procedure_per_item", $"{at}.perItemOf", items);
    }

    private static IEnumerable<DocumentMistake> OfOutcomes(Stage stage, string at, Procedure procedure)
    {
        if (stage.Next.Count > Procedure.MaxOutcomes) yield return new("procedure_count", at, 1, Procedure.MaxOutcomes);
        var (needed, isFree) = Produced(stage);
        if (isFree && !stage.Next.Keys.Any(outcome => outcome != Outcomes.Lapsed)) yield return new("procedure_outcome_free", at);
        foreach (var outcome in needed.Where(outcome => !stage.Next.ContainsKey(outcome))) yield return new("procedure_outcome_missing", at, outcome);
        foreach (var (outcome, path) in stage.Next)
        {
            foreach (var mistake in Coded(outcome, $"{at}.{outcome}").Concat(Named(path.Name, path.NameEn, $"{at}.{outcome}"))) yield return mistake;
            if (path.To != Path.End && procedure.FindStage(path.To) is null) yield return new("procedure_stage_unknown", $"{at}.{outcome}.to", path.To);
            if (isFree && ReservedOutcomes.Contains(outcome)) yield return new("procedure_reserved", $"{at}.{outcome}", outcome);
            if (!isFree && !needed.Contains(outcome) && (outcome != Outcomes.Lapsed || stage.Gate is Gate.Vote)) yield return new("procedure_outcome_unknown", $"{at}.{outcome}");
            else if (outcome == Outcomes.Lapsed && stage.Limit is null) yield return new("procedure_lapsed", $"{at}.{outcome}");
        }
    }

    /// <summary>The outcomes that the answers of a stage lead to, besides the end of its clock; whether the procedure names them itself.</summary>
    private static (ImmutableArray<string> Outcomes, bool IsFree) Produced(Stage stage) => stage.Gate switch
    {
        Gate.Vote => ([Outcomes.Passed, Outcomes.Rejected, Outcomes.NoQuorum], false),
        Gate.Sign => ([Outcomes.Passed, Outcomes.Failed], false),
        Gate.Done when stage.Asks.IsEmpty => (stage.AwaitsChildren ? [Outcomes.Done] : [], false),
        Gate.Done when stage.Asks is [{ PerItemOf: null } only] && only.Need == Need.One => ([], true),
        Gate.Done => ([.. stage.Asks.SelectMany(ask => Proceedings.MaySay(stage, ask)).Distinct()], false),
        _ => throw new InvalidOperationException($"Unknown gate {stage.Gate}."),
    };

    /// <summary>How many answer, if the document says so: not with chosen posts, nor with every holder of a kind of post.</summary>
    private static int? Known(Ask ask) => ask.Roles.Any(r => r is Role.Chosen || (ask.EachPost && r is Role.OfKind)) ? null : ask.Roles.Distinct().Count();
}
