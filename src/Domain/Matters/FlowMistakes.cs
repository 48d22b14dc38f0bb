using System.Collections.Immutable;

namespace DispatchCenter.Domain.Matters;

/// <summary>What is wrong with the ways through a procedure: stages that no way leads to or out of, and rounds that nobody stops.</summary>
internal static class FlowMistakes
{
    public static IEnumerable<DocumentMistake> Of(Procedure procedure)
    {
        if (procedure.Stages.IsEmpty) yield break;
        // A cancelled matter ends after the stage that is kept for it, whatever comes next there.
        var first = procedure.Stages[0].Key;
        HashSet<string> reached = [first, .. After(procedure, first)];
        if (procedure.Cancelled is { } cancelled) reached.Add(cancelled);
        var ending = Ending(procedure);
        for (var i = 0; i < procedure.Stages.Length; i++)
        {
            var stage = procedure.Stages[i];
            if (!reached.Contains(stage.Key)) yield return new("procedure_unreachable", $"$.stages[{i}]", stage.Key);
            if (!ending.Contains(stage.Key)) yield return new("procedure_endless", $"$.stages[{i}]", stage.Key);
            if (RunsInCircles(procedure, stage)) yield return new("procedure_circle", $"$.stages[{i}].next.{Outcomes.Done}", stage.Key);
        }
    }

    /// <summary>Whether an ask can have been answered before a matter enters a stage.</summary>
    public static bool MayPrecede(Procedure procedure, string ask, Stage stage)
    {
        var asking = procedure.Stages.First(s => s.Asks.Any(a => a.Key == ask)).Key;
        return After(procedure, asking).Contains(stage.Key) || (procedure.Cancelled == stage.Key && asking != stage.Key);
    }

    /// <summary>Whether a matter can still come to a stage that gives the items of an ask back, or is in one.</summary>
    public static bool GivesBack(Procedure procedure, Stage from, string ask) => After(procedure, from.Key).Append(from.Key).Any(key => procedure.FindStage(key)?.Asks.Any(a => a.PerItemOf == ask) is true);

    /// <summary>The stages that a matter can come to from one; that one itself only if it can come back.</summary>
    private static HashSet<string> After(Procedure procedure, string from)
    {
        var (found, open) = (new HashSet<string>(), new Queue<string>([from]));
        while (open.TryDequeue(out var key))
            foreach (var path in procedure.FindStage(key)?.Next.Values ?? [])
                if (path.To != Path.End && found.Add(path.To)) open.Enqueue(path.To);
        return found;
    }

    /// <summary>The stages from which some way leads to the end. One that leads to an unknown stage has its own mistake.</summary>
    private static HashSet<string> Ending(Procedure procedure)
    {
        var ending = new HashSet<string>();
        bool Ends(Path path) => path.To == Path.End || ending.Contains(path.To) || procedure.FindStage(path.To) is null;
        while (procedure.Stages.Any(s => s.Next.Values.Any(Ends) && ending.Add(s.Key))) { }
        return ending;
    }

    /// <summary>Whether a matter can come back to a stage with nobody having answered anything: nothing to give back, no children to wait for.</summary>
    private static bool RunsInCircles(Procedure procedure, Stage stage)
    {
        var at = stage;
        for (var steps = 0; steps < procedure.Stages.Length && MayPass(at); steps++)
        {
            if (!at.Next.TryGetValue(Outcomes.Done, out var path) || procedure.FindStage(path.To) is not { } next) return false;
            if (next.Key == stage.Key) return true;
            at = next;
        }

        return false;
    }

    private static bool MayPass(Stage stage) => stage.Gate is Gate.Done && (stage.Asks.IsEmpty ? stage.AwaitsChildren : stage.Asks.All(a => a.PerItemOf is not null));
}
