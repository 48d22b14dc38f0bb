using System.Collections.Immutable;
using System.Globalization;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Unit;

/// <summary>
/// Two communities and five teams: c1 has t1, t2, t3 and c2 has t4, t5. Team N covers grid gN alone; g12 is covered by t1 and t2.
/// Every team has three grid workers, property, a building head and police.
/// </summary>
internal static class TestStreet
{
    public static readonly CommunityCode C1 = new("c1");
    public static readonly CommunityCode C2 = new("c2");

    public static readonly StreetMap Map = new(
        "小街道", "A small street",
        [new(C1, "一社区", "Community 1"), new(C2, "二社区", "Community 2")],
        [.. Enumerable.Range(1, 5).Select(n => new Grid(new($"g{n}"), $"{n}", $"{n}", CommunityOf(n), [])), new Grid(new("g12"), "12", "12", C1, [])],
        [],
        [.. Enumerable.Range(1, 5).Select(n => new Team(Team(n), $"{n}", $"{n}", CommunityOf(n), n <= 2 ? [new($"g{n}"), new("g12")] : [new($"g{n}")]))]);

    public static readonly Policy DefaultPolicy = PolicyJson.Parse(DefaultPolicyText(), 1);
    public static readonly WorkCalendar Calendar = new(DefaultPolicy.Hours, Holidays.Embedded());

    public static readonly Post StreetDesk = new(new("street"), PostKind.StreetDesk);
    public static readonly Post Leader = new(new("leader"), PostKind.Leader);

    public static readonly ImmutableArray<Post> Everybody =
    [
        .. Enumerable.Range(1, 5).SelectMany(n => new[] { Worker(n), Worker(n, 2), Worker(n, 3), Property(n), Head(n), Police(n) }),
        Desk(1), Desk(2), StreetDesk, Leader,
    ];

    public static TeamCode Team(int n) => new($"t{n}");

    public static CommunityCode CommunityOf(int team) => team <= 3 ? C1 : C2;

    public static Post Worker(int team, int nth = 1) => Member(team, PostKind.GridWorker, $"worker{nth}") with { Grid = new($"g{team}") };

    public static Post Property(int team) => Member(team, PostKind.Property, "property");

    public static Post Head(int team) => Member(team, PostKind.BuildingHead, "head");

    public static Post Police(int team) => Member(team, PostKind.Police, "police");

    public static Post Desk(int community) => new(new($"desk{community}"), PostKind.CommunityDesk, new($"c{community}"));

    /// <summary>An instant as the clock on the wall in Asia/Shanghai shows it: "2026-11-02 09:00".</summary>
    public static DateTimeOffset At(string wall) =>
        new DateTimeOffset(DateTime.Parse(wall, CultureInfo.InvariantCulture), WorkCalendar.Offset).ToUniversalTime();

    public static Whistle Whistle(string category = "08", string grid = "g1", bool danger = false, bool hide = false) =>
        new(new("WH-00000001"), DefaultPolicy.FindCategory(category)!, Map.FindGrid(grid)!, null, danger, hide, Drill: false, Source.Page, null);

    public static string DefaultPolicyText()
    {
        using var stream = typeof(PolicyJson).Assembly.GetManifestResourceStream("DispatchCenter.Hub.Street.default-policy.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static Post Member(int team, PostKind kind, string name) => new(new($"t{team}-{name}"), kind, CommunityOf(team), Team(team));
}
