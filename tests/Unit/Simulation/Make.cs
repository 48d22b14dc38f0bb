using DispatchCenter.Contracts;
using DispatchCenter.Simulator;

namespace DispatchCenter.Unit.Simulation;

/// <summary>Small, whole, unbroken things, for a test to plant one fault in.</summary>
internal static class Make
{
    public const string CallNo = "DEMO-0001";
    public const string Team = "T01";
    public const string Community = "01";
    public static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.FromHours(8));

    public static CallCard Card(string callNo = CallNo, int version = 1, string state = CallStates.Ringing) => new()
    {
        CallNo = callNo,
        Version = version,
        Category = "11",
        Level = "S3",
        Flags = [],
        Community = Community,
        Grid = "001",
        State = state,
        Rung = "team",
        Teams = [Team],
        Answers = [],
        OpenedAt = Noon,
    };

    public static FeedFrame Frame(string kind, long from, long through, params CallCard[] calls) => new()
    {
        Epoch = "e1",
        Kind = kind,
        From = from,
        Through = through,
        ServerTime = Noon,
        Calls = calls,
        Gone = [],
    };

    public static JournalLine Line(
        long seq, string what = "whistled", string by = "caller", string callNo = CallNo, int? version = null, string state = CallStates.Ringing) => new()
        {
            Seq = seq,
            CallNo = callNo,
            Version = version ?? (int)seq,
            At = Noon,
            By = by,
            What = what,
            Detail = [],
            Card = Card(callNo, version ?? (int)seq, state),
        };

    public static JournalLine ClockLine(long seq, string what, string answer, DateTimeOffset due) =>
        Line(seq, what, "clock") with { Answer = answer, Due = due };

    public static JournalAudit Journal(params JournalLine[] lines)
    {
        var audit = new JournalAudit();
        foreach (var line in lines) audit.Add(line);
        return audit;
    }

    public static Me Member(string kind = "gridWorker", string? team = Team, bool onDuty = true, string community = Community) =>
        new($"{kind}-of-{team}", "team", $"post-{kind}-{team}", kind, team, community, null, onDuty);

    public static Whistle Whistle(int number = 1, string? callNo = CallNo, bool propertyRecused = false) => new()
    {
        Number = number,
        Offset = TimeSpan.Zero,
        Request = new WhistleRequest { Grid = "001", Category = "11" },
        Team = Team,
        Community = Community,
        PropertyRecused = propertyRecused,
        Life = new LifePlan(true, true, 0, true, true, "satisfied", false, default),
        IntendedAt = 1,
        StartedAt = 1,
        AcknowledgedAt = 1,
        Receipt = callNo is null ? null : new WhistleReceipt(callNo, "code", "/t/code", []),
    };

    /// <summary>A screen that joined an empty street and saw the case at these versions.</summary>
    public static ScreenLog Screen(params int[] versions)
    {
        var screen = new ScreenLog("board 1");
        screen.Take(Frame(FrameKinds.Snapshot, 0, 0), 1);
        foreach (var version in versions) screen.Take(Frame(FrameKinds.Delta, screen.Through, version, Card(version: version)), 1);
        return screen;
    }

    /// <summary>One whistle that was acknowledged, written, seen by a board and a member, and accepted by one post: nothing broken.</summary>
    public static Evidence Evidence() => new()
    {
        Whistles = [Whistle()],
        Answers = [Answer("post-gridWorker-T01", ok: true), Answer("post-police-T01", ok: false)],
        Boards = [Screen(1, 2)],
        Members = [new MemberLog(Member(), Screen(1, 2))],
        Journal = Journal(Line(1), Line(2, "accepted", "post-gridWorker-T01", state: CallStates.Accepted)),
        SettledHead = 2,
        ServerTime = Noon,
    };

    public static GivenAnswer Answer(string by, bool ok, string what = "accepted", bool winnerTold = true) =>
        new(CallNo, what, by, ok, ok ? Codes.Ok : Codes.AlreadyAccepted, winnerTold);

    public static StreetView Street() => new(
        "演示街道", "Demo Street",
        [new CommunityView("01", "一社区", "First"), new CommunityView("02", "二社区", "Second")],
        [
            new GridView("001", "一", "One", "01", []), new GridView("002", "二", "Two", "01", []),
            new GridView("003", "三", "Three", "01", []), new GridView("004", "四", "Four", "02", []),
        ],
        [new StationView("s1", "驿站", "Station", "004")],
        [new TeamView("T01", "一队", "Team 1", "01", ["001", "002", "003"]), new TeamView("T02", "二队", "Team 2", "02", ["004"])],
        [.. Enumerable.Range(1, 26).Select(i => new CategoryView($"{i:00}", "类", "Category", "S3"))]);
}
