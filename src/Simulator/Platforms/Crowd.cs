using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>An accept that the server has confirmed.</summary>
internal sealed record Won(string CallNo, string Post, string Via);

/// <summary>The people at the other end: they press keys, reply in every way that people type, tap on the page, or do nothing; drawn from the seed for each of them and each case.</summary>
internal sealed partial class Crowd(IReadOnlyList<Person> people, StreetApi api, Patience patience, Reports reports, Dice dice, TimeProvider clock, CancellationToken stop)
{
    /// <summary>In this share of the cases whoever hears of it answers at once, on every way they have.</summary>
    private const double Raced = 0.10;

    /// <summary>Nobody answers these before the end, except those whom nobody must believe.</summary>
    private const double Deaf = 0.05;

    private const double Taps = 0.05, Replies = 0.20, Presses = 0.50, Cannot = 0.12, Nonsense = 0.06, Stranger = 0.10, Forged = 0.08, OffDutyTries = 0.15;

    private static readonly TimeSpan _slowest = TimeSpan.FromSeconds(2), _late = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Person> _byNumber = people.ToDictionary(p => p.Phone), _byName = people.ToDictionary(p => p.Me.UserName);
    private readonly ConcurrentDictionary<string, int> _whistled = new();
    private readonly ConcurrentQueue<Task> _doing = new();
    private readonly ConcurrentQueue<Won> _won = new();
    private readonly ConcurrentDictionary<string, int> _said = new();
    private readonly ConcurrentQueue<string> _strangers = new();
    private int _reports;

    /// <summary>Gives a phone a new address and hands it to the street.</summary>
    public Func<Person, Task> Subscribe { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyCollection<Won> Won => _won;

    /// <summary>What people did, and how often.</summary>
    public IReadOnlyDictionary<string, int> Said => _said;

    /// <summary>How often somebody off duty or unknown tried.</summary>
    public int Unentitled => _said.Where(s => s.Key.EndsWith("off duty", StringComparison.Ordinal) || s.Key.EndsWith("stranger", StringComparison.Ordinal)).Sum(s => s.Value);

    /// <summary>What was taken from a number that is nobody's.</summary>
    public IReadOnlyCollection<string> Strangers => _strangers;

    public static string CallNoIn(string text) => CallNo().Match(text).Value;

    /// <summary>A member of the corporation.</summary>
    public Person? Member(string account) => _byName.GetValueOrDefault(account) is { IsMember: true } member ? member : null;

    public Person? WithNumber(string phone) => _byNumber.GetValueOrDefault(phone);

    public void LosesPhone(Person owner) => Do(() => Subscribe(owner));

    /// <summary>The case's number in the run, by which chance names it.</summary>
    public void Whistled(string callNo, int number) => _whistled[callNo] = number;

    /// <summary>When everything that people have begun is done.</summary>
    public async Task DoneAsync()
    {
        while (_doing.TryDequeue(out var one)) await one;
    }

    /// <summary>Somebody has got a message.</summary>
    public void Hears(Telling telling)
    {
        if (telling.CallNo.Length == 0) return;
        Do(() => AnswerAsync(telling));
    }

    /// <summary>Who has gone off duty presses and taps all the same.</summary>
    public Task TryOffDutyAsync(Person person, IEnumerable<Telling> heard) => Task.WhenAll(heard.Where(t => t.To == person && t.CallNo.Length > 0).TakeLast(10).Select(Task (t) => t.Channel switch
    {
        Gateway.Voice => PressAsync(t, "1"),
        Gateway.Sms when CodeIn(t.Text) is { } code => ReplyAsync(t, $"1 {code}"),
        _ => TapAsync(person, t.CallNo),
    }));

    public async Task<bool> TapAsync(Person person, string callNo)
    {
        var (off, key) = (person.IsOff, $"tap-{person.Me.UserName}-{callNo}");
        var answer = await patience.Persist(async () => await api.Command(callNo, "accept", null, key, await person.Token(stop), stop), stop);
        Count(off ? "taps off duty" : "taps");
        if (answer.Value is { Ok: true }) Win(callNo, person, "tap");
        return answer.Value is { Ok: true };
    }

    private async Task AnswerAsync(Telling t)
    {
        while (!_whistled.ContainsKey(t.CallNo)) await Task.Delay(_late / 100, clock, stop); // the caller's own answer is still on its way
        var number = _whistled[t.CallNo].ToString(CultureInfo.InvariantCulture);
        double Roll(string about) => dice.Roll(number, t.To.Me.UserName, t.Channel, about);
        var (raced, deaf) = (dice.Roll(number, "raced") < Raced, dice.Roll(number, "deaf") < Deaf);
        if (t.Channel is Gateway.Voice or Gateway.Sms && (deaf || Roll("forged") < Forged)) await ForgeAsync(t);
        if (Roll("off") < OffDutyTries && people.FirstOrDefault(p => p.StaysAway && p.Me.Team == t.To.Me.Team) is { } away) await TapAsync(away, t.CallNo);
        if (deaf) return;
        if (!raced) await Task.Delay((Roll("slow") * _slowest) + (Roll("late") < 0.1 ? _late : TimeSpan.Zero), clock, stop);
        await (t.Channel switch
        {
            Gateway.Voice when raced => Task.WhenAll(PressAsync(t, "1"), TapAsync(t.To, t.CallNo)),
            Gateway.Voice => KeysAsync(t, Roll("does")),
            Gateway.Sms when CodeIn(t.Text) is { } code => WordsAsync(t, code, raced ? Roll("does") * Replies : Roll("does"), Roll("form"), Roll("stranger") < Stranger),
            Gateway.Sms => Task.CompletedTask,
            _ => Roll("does") < Taps ? TapAsync(t.To, t.CallNo) : Task.CompletedTask,
        });
    }

    private async Task KeysAsync(Telling t, double does)
    {
        if (does < Presses) await PressAsync(t, "1");
        else if (does < Presses + (Cannot / 2)) await PressAsync(t, "2");
        else if (does < Presses + Cannot) await Task.WhenAll(PressAsync(t, "1"), PressAsync(t, "2")); // 2 and then 1, in whatever order they come
        else if (does < Presses + Cannot + Nonsense) await PressAsync(t, "9");
    }

    private async Task WordsAsync(Telling t, string code, double does, double form, bool stranger)
    {
        if (stranger) await StrangerAsync(t, $"1 {code}");
        if (does < Replies) await ReplyAsync(t, Typed(code, form));
        else if (does < Replies + Cannot) await ReplyAsync(t, $"2 {code}");
        else if (does < Replies + Cannot + Nonsense) await ReplyAsync(t, "好的");
    }

    private Task<Reply> PressAsync(Telling t, string key) => SayAsync(t, $"key {key}", key == "1", new AnswerReport(NewId(t, key), t.Name, key, null, null));

    private Task<Reply> ReplyAsync(Telling t, string text) => SayAsync(t, "reply", text is not ['2' or '好', ..], new AnswerReport(NewId(t, "reply"), null, null, t.To.Phone, text));

    private async Task<Reply> SayAsync(Telling t, string what, bool accepts, AnswerReport report)
    {
        var off = t.To.IsOff;
        var reply = await reports.SendAsync(t.Channel, report, stop);
        Count($"{t.Channel} {what}{(off ? " off duty" : string.Empty)}");
        if (accepts && reply.Ok) Win(t.CallNo, t.To, t.Channel);
        return reply;
    }

    private async Task StrangerAsync(Telling t, string text)
    {
        Count("sms reply of a stranger");
        var reply = await reports.SendAsync(t.Channel, new AnswerReport(NewId(t, "stranger"), null, null, "13811112222", text), stop);
        if (reply.Ok) _strangers.Enqueue($"a stranger's reply about {t.CallNo} was taken");
    }

    private Task ForgeAsync(Telling t) => reports.ForgeAsync(
        t.Channel, t.Channel == Gateway.Voice ? new AnswerReport(null, t.Name, "1", null, null) : new AnswerReport(null, null, null, t.To.Phone, $"1 {CodeIn(t.Text)}"), stop);

    private void Win(string callNo, Person person, string via) => _won.Enqueue(new Won(callNo, person.Post, via));

    private void Do(Func<Task> what) => _doing.Enqueue(Task.Run(what, stop));

    private void Count(string what) => _said.AddOrUpdate(what, 1, (_, before) => before + 1);

    private string NewId(Telling t, string what) => string.Create(CultureInfo.InvariantCulture, $"{t.Channel}-{what}-{Interlocked.Increment(ref _reports)}");

    private static string? CodeIn(string text) => Asked().Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>1 and the code, as people type it.</summary>
    private static string Typed(string code, double form) => (int)(form * 5) switch
    {
        0 => $"1 {code}",
        1 => $"1{code}",
        2 => $"１　{string.Concat(code.Select(c => (char)(c - '0' + '０')))}",
        3 => $"  1  {code}。",
        _ => $"1，{code} 马上到",
    };

    [GeneratedRegex("W[0-9]{6}-[0-9]{5,}")]
    private static partial Regex CallNo();

    [GeneratedRegex("“1 ([0-9]{6})”")]
    private static partial Regex Asked();
}
