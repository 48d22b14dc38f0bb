using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using Path = DispatchCenter.Domain.Matters.Path;

namespace DispatchCenter.Unit.Matters;

/// <summary>Small procedures in few words.</summary>
internal static class Drafts
{
    public static readonly Role GridWorkers = new Role.OfKind(PostKind.GridWorker);
    public static readonly Role Properties = new Role.OfKind(PostKind.Property);
    public static readonly Role Policemen = new Role.OfKind(PostKind.Police);
    public static readonly Role CommunityDesks = new Role.OfKind(PostKind.CommunityDesk);
    public static readonly Role StreetDesks = new Role.OfKind(PostKind.StreetDesk);
    public static readonly Role Leaders = new Role.OfKind(PostKind.Leader);

    public const string End = Path.End;

    /// <summary>At a grid, opened by anybody.</summary>
    public static Procedure Of(params ImmutableArray<Stage> stages) => new("draft", 1, "Draft", "Draft") { Place = PlaceKind.Grid, Starters = [.. Enum.GetValues<PostKind>()], Stages = stages };

    /// <summary>A stage that leads nowhere yet: see <see cref="On"/>.</summary>
    public static Stage Stage(string key, params ImmutableArray<Ask> asks) => new(key, key, key) { Asks = asks, Next = ImmutableSortedDictionary<string, Path>.Empty };

    /// <summary>A stage of one ask with the stage's own key, and the end after it.</summary>
    public static Stage Task(string key, params ImmutableArray<Role> roles) => Stage(key, Ask(key, roles)).On("done", End);

    public static Ask Ask(string key, params ImmutableArray<Role> roles) => new(key, key, key) { Roles = roles };

    /// <summary>Every holder of these roles, all of whom have to answer.</summary>
    public static Ask AskAll(string key, params ImmutableArray<Role> roles) => Ask(key, roles) with { EachPost = true, Need = Need.All };

    public static Ask WhomChosen(string key) => Ask(key, new Role.Chosen());

    public static Stage Vote(string key, int quorum, Majority majority, params ImmutableArray<Role> roles) =>
        (Stage(key, AskAll(key, roles)) with { Gate = new Gate.Vote(quorum, majority) }).On("passed", End).On("rejected", End).On("noQuorum", End).Within(TimeSpan.FromHours(4));

    public static Stage Sign(string key, params ImmutableArray<Ask> asks) => (Stage(key, asks) with { Gate = new Gate.Sign() }).On("passed", End).On("failed", End);

    /// <summary>Papers taken in one by one, work done with them, and each given back.</summary>
    public static Procedure Errand() => Of(
        Stage("papers", Ask("paper", GridWorkers) with { Collects = true }).On("done", "work"),
        Task("work", Policemen).On("done", "back"),
        Stage("back", Ask("giveBack", GridWorkers) with { PerItemOf = "paper" }).On("done", End)) with
    {
        Cancelled = "back",
        HasCaller = true,
    };

    public static Stage On(this Stage stage, string outcome, string to) => stage with { Next = stage.Next.SetItem(outcome, new(to, outcome, outcome)) };

    public static Stage Within(this Stage stage, TimeSpan length, ClockKind kind = ClockKind.Continuous) => stage with { Limit = new Span(kind, length) };
}
