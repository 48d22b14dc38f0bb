using System.Collections.Concurrent;
using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>How an errand goes.</summary>
internal enum Course
{
    /// <summary>Taken, papers taken in, dealt with, given back, and the caller says that it is done.</summary>
    Usual,

    /// <summary>The caller says that it is not done, and it is dealt with again.</summary>
    Again,

    /// <summary>Cancelled once papers are there: they are still given back.</summary>
    Cancelled,

    /// <summary>Nobody takes it on: its clocks, of a minute, run out.</summary>
    Left,
}

/// <summary>One errand of the run: its generated input and its outcome.</summary>
internal sealed class Errand
{
    /// <summary>Counted from 1 in order of arrival.</summary>
    public required int Number { get; init; }

    public required TimeSpan Offset { get; init; }

    /// <summary>Which grid worker opens it in their own grid: an index modulo their number.</summary>
    public required int Pick { get; init; }

    public required Course Course { get; init; }

    public required int Papers { get; init; }

    /// <summary>The opening and a paper are sent a second time with their keys.</summary>
    public required bool Repeated { get; init; }

    public string? Team { get; set; }

    /// <summary>Null until acknowledged.</summary>
    public MatterReceipt? Receipt { get; set; }

    public long IntendedAt { get; set; }

    /// <summary>Why a step was given up; null if every one was acknowledged.</summary>
    public string? Refusal { get; set; }

    /// <summary>The run was over in the middle of it: a step may be in the journal that nobody acknowledged.</summary>
    public bool IsCut { get; set; }

    /// <summary>What a repeated request was answered otherwise than the first time.</summary>
    public string? Repetition { get; set; }

    /// <summary>Generates errands beside whistles, the same for the same seed: one for each whistle with this chance.</summary>
    public static IReadOnlyList<Errand> Draw(int seed, IReadOnlyList<Whistle> whistles, double share)
    {
        var (random, errands) = (new Random(seed ^ 0x0E88A7D), new List<Errand>());
        if (share <= 0) return errands;
        foreach (var whistle in whistles)
        {
            if (random.NextDouble() >= share) continue;
            errands.Add(new Errand
            {
                Number = errands.Count + 1, Offset = whistle.Offset, Pick = random.Next(), Papers = random.Next(1, 4), Repeated = random.Next(5) == 0,
                Course = random.Next(10) switch { < 5 => Course.Usual, < 6 => Course.Again, < 8 => Course.Cancelled, _ => Course.Left },
            });
        }

        return errands;
    }
}

/// <summary>An acknowledged step of an errand.</summary>
/// <param name="What">Its name in the journal.</param>
/// <param name="Owed">What was answered; null for anything else.</param>
/// <param name="By">The post, or "caller".</param>
internal sealed record GivenStep(string CallNo, string What, string? Owed, string By);

/// <summary>Plays every errand over HTTP, each request with its own key, retried until it is answered.</summary>
/// <param name="speed">How many times faster than generated they arrive.</param>
/// <param name="until">No further step begins after it.</param>
internal sealed class ErrandLives(StreetApi api, Crew crew, Patience patience, string runId, double speed, CancellationToken until)
{
    /// <summary>The errand whose clocks run out within minutes: added to the street if it is not there.</summary>
    public const string Brisk = "simulatedErrand";

    private const string Usual = "errand";
    private const string Signature = "M 1 1 L 9 9";
    private const int MostMs = 300;

    private const string BriskDocument = """
        {
          "code": "simulatedErrand", "name": "模拟代办", "nameEn": "Simulated errand", "place": "grid", "starters": ["gridWorker"], "caller": true,
          "promise": { "limit": "2m", "until": "take" },
          "stages": [
            { "key": "take", "name": "接手", "nameEn": "Take it on", "limit": "1m", "asks": [{ "key": "take", "name": "接手", "nameEn": "Take it on", "roles": ["gridWorker"] }],
              "next": { "accepted": { "to": "end", "name": "接手", "nameEn": "Take it on" } } }
          ]
        }
        """;

    private readonly ConcurrentQueue<GivenStep> _steps = new();
    private readonly TeamBot[] _workers = [.. crew.Bots.Where(b => b.Me is { PostKind: PushRules.GridWorker, Grid: not null })];

    public IReadOnlyCollection<GivenStep> Steps => _steps;

    /// <summary>Makes sure that the street has both procedures.</summary>
    /// <exception cref="BadInputException">It has no errand, or the demo account of its administrator cannot add one.</exception>
    public static async Task Prepare(StreetApi api, string password, CancellationToken stop)
    {
        var admin = await Session.SignIn(api, "admin", password, stop);
        var duty = await Session.SignIn(api, "duty", password, stop);
        var known = await api.Procedures(await duty.Token(stop), stop);
        var codes = known.Value?.Procedures.Select(p => p.Code).ToHashSet() ?? throw new BadInputException($"The server's procedures cannot be read ({known.Code}).");
        if (!codes.Contains(Usual)) throw new BadInputException($"The server's street has no procedure {Usual}.");
        if (codes.Contains(Brisk)) return;
        var added = await api.AddProcedure(new ProcedureRequest { Document = BriskDocument }, await admin.Token(stop), stop);
        if (added.Value is null) throw new BadInputException($"The procedure {Brisk} cannot be added ({added.Code}).");
    }

    /// <summary>Ends when every errand has been played through, or as soon as stopped.</summary>
    public async Task Run(IReadOnlyList<Errand> errands, CancellationToken stop)
    {
        var start = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(errands.Select(async errand =>
        {
            try
            {
                await Task.Delay(errand.Offset / speed, TimeProvider.System, until);
                errand.IntendedAt = start + (long)(errand.Offset.TotalSeconds / speed * TimeProvider.System.TimestampFrequency);
                await Live(errand, stop);
            }
            catch (OperationCanceledException) when (until.IsCancellationRequested || stop.IsCancellationRequested)
            {
                errand.IsCut = true; // it stays open
            }
        }));
    }

    private async Task Live(Errand errand, CancellationToken stop)
    {
        var bot = _workers[errand.Pick % _workers.Length];
        var worker = bot.Session;
        errand.Team = worker.Me.Team;
        var (random, acts) = (new Random(errand.Pick), 0);
        string Key() => $"{runId}-m{errand.Number}-{acts++}";
        if (!await Open(errand, bot, Key(), stop) || errand.Course == Course.Left) return;
        var no = errand.Receipt!.CallNo;

        Task Pause() => Task.Delay(TimeSpan.FromMilliseconds(random.Next(MostMs)), TimeProvider.System, until);
        async Task<MatterReply?> Give(string verb, MatterOrder order, string what, bool twice = false)
        {
            await Pause();
            var key = Key();
            async Task<Answer<MatterReply>> Once() => await patience.Persist(async () => await api.Matter(no, verb, order, key, await worker.Token(stop), stop), stop);
            var answer = await Once();
            if (answer.Value is not { Ok: true, Code: Codes.Ok } reply)
            {
                GiveUp(errand, bot, $"{verb} {order.Owed} {order.Says}", answer.Value?.Code ?? answer.Code);
                return null;
            }

            _steps.Enqueue(new GivenStep(no, what, order.Owed, worker.Me.Post!));
            if (twice && (await Once()).Value is var again && (again?.Code, again?.Receipt) != (reply.Code, reply.Receipt))
                errand.Repetition = $"{verb} {order.Owed} was answered {reply.Code} {reply.Receipt}, and {again?.Code} {again?.Receipt} when repeated under the same key";
            return reply;
        }

        async Task<bool> Say(string owed, string says, Dictionary<string, string>? form = null, string what = "answered", bool twice = false) =>
            await Give("answer", new MatterOrder { Owed = owed, Says = says, Form = form }, what, twice) is not null;
        async Task<bool> GiveBack()
        {
            for (var item = 1; item <= errand.Papers; item++)
                if (!await Say($"giveBack-{item}", "done", new() { ["receivedBy"] = "Simulated", ["signature"] = Signature })) return false;
            return true;
        }

        if (!await Say("take", "accepted")) return;
        for (var paper = 1; paper <= errand.Papers; paper++)
            if (!await Say("papers", "item", new() { ["name"] = $"Simulated paper {paper}" }, "itemTaken", errand.Repeated)) return;
        if (errand.Course == Course.Cancelled)
        {
            if (await Give("cancel", new MatterOrder { Note = "Simulated reason" }, "cancelled") is not null) await GiveBack();
            return;
        }

        if (!await Say("papers", "done") || !await Say("work", "done", new() { ["words"] = "Simulated result" }) || !await GiveBack()) return;
        if (errand.Course == Course.Again && (!await Follow("followUp", "notDone") || !await Say("work2", "done"))) return;
        await Follow(errand.Course == Course.Again ? "followUp2" : "followUp", "satisfied");

        async Task<bool> Follow(string owed, string says)
        {
            await Pause();
            var key = Key();
            var answer = await patience.Persist(() => api.Follow(errand.Receipt.TrackingCode!, new MatterOrder { Owed = owed, Says = says }, key, stop), stop);
            if (answer.Value is null) errand.Refusal = $"{owed} {says} by the caller: {answer.Code}";
            else _steps.Enqueue(new GivenStep(no, "answered", owed, Promises.Caller));
            return answer.Value is not null;
        }
    }

    /// <summary>Whoever went off duty in the run leaves it open; anything else is a refusal.</summary>
    private static void GiveUp(Errand errand, TeamBot bot, string what, string code)
    {
        if (code == Codes.NotOnDuty && bot.HasBeenAway) errand.IsCut = true;
        else errand.Refusal = $"{what}: {code}";
    }

    private async Task<bool> Open(Errand errand, TeamBot bot, string key, CancellationToken stop)
    {
        var worker = bot.Session;
        var request = new MatterRequest
        {
            Procedure = errand.Course == Course.Left ? Brisk : Usual, Grid = worker.Me.Grid, Form = errand.Course == Course.Left ? null : new Dictionary<string, string> { ["what"] = $"Simulated errand {errand.Number}" },
        };
        async Task<Answer<MatterReceipt>> Once() => await patience.Persist(async () => await api.Open(request, key, await worker.Token(stop), stop), stop);
        var answer = await Once();
        if (answer.Value is not { } receipt)
        {
            GiveUp(errand, bot, "opening", answer.Code);
            return false;
        }

        errand.Receipt = receipt;
        _steps.Enqueue(new GivenStep(receipt.CallNo, "opened", null, worker.Me.Post!));
        if (errand.Repeated && (await Once()).Value is var again && again?.CallNo != receipt.CallNo) errand.Repetition = $"it was {receipt.CallNo}, and {again?.CallNo} when repeated under the same key";
        return true;
    }
}
