using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.Matters;

/// <summary>How matters look to a reader: names from the version of the procedure that the matter keeps.</summary>
internal static class MatterViews
{
    public static Named NameOf(Procedure procedure) => new(procedure.Code, procedure.Name, procedure.NameEn);

    public static Named NameOf(Stage stage) => new(stage.Key, stage.Name, stage.NameEn);

    /// <summary>The stages as a line: those it has been through, where it is, and those it has not been in yet.</summary>
    public static List<MatterStage> Line(Procedure procedure, Proceeding matter)
    {
        var line = new List<MatterStage>();
        foreach (var past in matter.Before)
        {
            var stage = procedure.FindStage(past.Stage)!;
            var outcome = NameOf(stage, past.Outcome);
            line.Add(new MatterStage(stage.Key, stage.Name, stage.NameEn, "past", past.From, past.To, null, past.Outcome, outcome.Name, outcome.NameEn, past.Late));
        }

        if (matter.Visit is { } visit && procedure.FindStage(visit.Stage) is { } now)
            line.Add(new MatterStage(now.Key, now.Name, now.NameEn, "now", visit.At, null, visit.Clock?.Due, null, null, null, visit.Clock?.Breached is true));
        if (matter.IsOpen && !matter.IsOnItsWayOut)
            line.AddRange(procedure.Stages.Where(s => matter.Visit!.Stage != s.Key && !matter.Before.Any(b => b.Stage == s.Key) && (s.Key != procedure.Cancelled || IsOnTheWay(procedure, s)))
                .Select(s => new MatterStage(s.Key, s.Name, s.NameEn, "ahead", null, null, null, null, null, null, false)));
        return line;
    }

    /// <summary>The name of an outcome: the procedure's, or the usual one.</summary>
    public static Named NameOf(Stage? stage, string outcome)
    {
        if (stage?.Next.TryGetValue(outcome, out var path) is true && path.Name.Length > 0) return new Named(outcome, path.Name, path.NameEn);
        var code = "outcome_" + outcome;
        if (!Sentences.Has(code)) return new Named(outcome, outcome, outcome);
        var (_, zh, en) = Sentences.Find(code);
        return new Named(outcome, zh, en);
    }

    /// <summary>How it ended, as its last stage names it; null while it is open.</summary>
    public static Named? EndOf(Procedure procedure, Proceeding matter) =>
        matter.Outcome is { } ended ? NameOf(matter.Before is [.., var last] ? procedure.FindStage(last.Stage) : null, ended) : null;

    /// <summary>Something owed, as whoever may answer it needs it.</summary>
    public static OwedView Owed(Procedure procedure, Proceeding matter, Owed owed, IReadOnlyList<MatterItem> items)
    {
        var stage = procedure.FindStage(matter.Visit!.Stage)!;
        var ask = procedure.FindAsk(owed.Ask)!;
        return new OwedView
        {
            Key = owed.Key,
            Name = ask.Name,
            NameEn = ask.NameEn,
            Says = [.. Proceedings.MaySay(stage, ask).Select(says => NameOf(stage, says))],
            Form = MatterForms.View(procedure.FindForm(ask.Form)),
            Item = owed.Item is { } number ? items.FirstOrDefault(i => i.Number == number) : null,
        };
    }

    /// <summary>The items with what was written on their receipts.</summary>
    public static List<MatterItem> Items(Procedure procedure, Proceeding matter, IEnumerable<FilledForm> filled, Func<Privacy, bool> sees)
    {
        var forms = filled.Where(f => f.Item is not null).ToLookup(f => f.Item!.Value);
        return [.. matter.Items.Select(item =>
        {
            var key = procedure.FindAsk(item.Ask)?.Form;
            var values = MatterForms.Show(procedure.FindForm(key), forms[item.Number].FirstOrDefault(f => f.Form == key), sees);
            return new MatterItem(item.Number, MatterCommands.ReceiptOf(matter, item), item.At, item.ReturnedAt, values);
        })];
    }

    /// <summary>What the forms say to the person the matter is for. What is written on a receipt stands with its paper.</summary>
    public static List<FormLine> Told(Procedure procedure, IEnumerable<Written> words) =>
    [
        .. from line in words
           let filled = line.Kind == ProcedureKind.FormWords ? MatterForms.Read(line.Words) : null
           where filled is { Item: null }
           let ask = procedure.FindAsk(filled.Owed ?? string.Empty)
           let values = MatterForms.Show(procedure.FindForm(filled.Form), filled, p => p.IsForCaller).Where(v => v.Value is not null).ToList()
           where values.Count > 0
           select new FormLine(line.At, ask?.Name, ask?.NameEn, values),
    ];

    /// <param name="stage">The stage in which it became true.</param>
    public static MatterFact FactOf(Procedure procedure, Stage? stage, Fact fact)
    {
        var name = System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(fact.GetType().Name);
        return fact switch
        {
            Fact.Opened => new MatterFact(name, procedure.Code, procedure.Name, procedure.NameEn),
            Fact.Entered f => Of(NameOf(procedure.FindStage(f.Visit.Stage)!)),
            Fact.Skipped f => Of(new Named(f.Role, f.Role, f.Role)),
            Fact.Answered f => new MatterFact(name, f.Given.Ask, procedure.FindAsk(f.Given.Ask)?.Name, procedure.FindAsk(f.Given.Ask)?.NameEn),
            Fact.ItemTaken f => Of(Number(f.Item.Number)),
            Fact.ItemReturned f => Of(Number(f.Number)),
            Fact.AlsoOwed f => Of(AskOf(f.Owed.Ask)),
            Fact.Late f => Of(AskOf(procedure.Stages.SelectMany(s => s.Asks).FirstOrDefault(a => f.Owed.StartsWith(a.Key, StringComparison.Ordinal))?.Key ?? f.Owed)),
            Fact.Asked f => Of(AskOf(f.Owed)),
            Fact.PostsChosen f => Of(AskOf(f.Ask)),
            Fact.Acted f => Of(new Named(f.Key, f.Key, f.Key)),
            Fact.Climbed f => Of(new Named(Names.Camel(f.Rung), Names.Camel(f.Rung), Names.Camel(f.Rung))),
            Fact.Left f => Of(NameOf(stage, f.Outcome)),
            Fact.Ended f => Of(NameOf(stage, f.Outcome)),
            Fact.Pleaded f => Of(new Named(Names.Camel(f.Plea.Kind), Names.Camel(f.Plea.Kind), Names.Camel(f.Plea.Kind))),
            Fact.Ruled f => Of(new Named(f.Granted ? "granted" : "denied", f.Granted ? "granted" : "denied", f.Granted ? "granted" : "denied")),
            Fact.ChildOpened f => Of(new Named(f.No.Value, f.No.Value, f.No.Value)),
            Fact.ChildEnded f => Of(new Named(f.No.Value, f.No.Value, f.No.Value)),
            Fact.Kept or Fact.Reopened or Fact.Cancelling or Fact.Extended or Fact.Paused or Fact.Resumed or Fact.Hidden or Fact.Noted => new MatterFact(name, null, null, null),
            _ => throw new InvalidOperationException($"Unknown fact {fact.GetType().Name}."),
        };

        MatterFact Of(Named of) => new(name, of.Code, of.Name, of.NameEn);
        Named AskOf(string key) => procedure.FindAsk(key) is { } ask ? new Named(key, ask.Name, ask.NameEn) : new Named(key, key, key);
        static Named Number(int n)
        {
            var text = n.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return new Named(text, text, text);
        }
    }

    /// <summary>Who is asked, by kinds and places: no post by its id.</summary>
    public static RespondentView Shown(Respondent asked, bool answered, Roster roster) => asked switch
    {
        Respondent.OfKind { Kind: var kind, Area: Area.OfStreet } => new RespondentView(Names.Camel(kind), "street", null, answered),
        Respondent.OfKind { Kind: var kind, Area: Area.OfCommunity at } => new RespondentView(Names.Camel(kind), "community", at.Community.Value, answered),
        Respondent.OfKind { Kind: var kind, Area: Area.OfTeam at } => new RespondentView(Names.Camel(kind), "team", at.Team.Value, answered),
        Respondent.OfKind { Kind: var kind, Area: Area.OfGrid at } => new RespondentView(Names.Camel(kind), "grid", at.Grid.Value, answered),
        Respondent.OfPost { Post: var id } when roster.FindPost(id.Value) is { } post => new RespondentView(Names.Camel(post.Kind), post.Grid is null ? post.Team is null ? "community" : "team" : "grid", post.Grid?.Value ?? post.Team?.Value ?? post.Community?.Value, answered),
        Respondent.OfPost => new RespondentView("post", null, null, answered),
        Respondent.OfParty party => new RespondentView("party", null, party.Code, answered),
        Respondent.Caller => new RespondentView("caller", null, null, answered),
        _ => throw new InvalidOperationException($"Unknown respondent {asked}."),
    };

    /// <summary>A stage that is kept for cancelled matters is shown ahead only if the usual way leads there too.</summary>
    private static bool IsOnTheWay(Procedure procedure, Stage stage) => procedure.Stages.Any(s => s.Next.Values.Any(p => p.To == stage.Key));
}
