using System.Collections.Concurrent;
using System.Net.Http.Json;
using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>State shared by all lives in the field.</summary>
internal sealed record FieldTools(StreetApi Api, Crew Crew, FieldDesks Desks, Patience Patience, string RunId, CancellationToken Stop)
{
    /// <summary>The responses people got.</summary>
    public ConcurrentQueue<GivenAnswer> Answers { get; } = new();

    /// <summary>Extra whistles that lives created: a neighbour's, an officer's, a child case.</summary>
    public ConcurrentQueue<Whistle> Others { get; } = new();
}

/// <summary>One case and its actors: every action is an HTTP request with its own idempotency key, retried until it is answered.</summary>
internal sealed class FieldCase
{
    private const int FewestMs = 50;
    private const int MostMs = 400;
    private const string Note = "Simulated reason";

    /// <summary>The first number for whistles that lives create.</summary>
    public const int FirstOther = 1_000_000;

    private readonly FieldTools _tools;
    private readonly WhistleReceipt _receipt;
    private readonly Random _random;
    private readonly List<Session> _tookPart = [];
    private int _acts;

    public FieldCase(FieldTools tools, Whistle whistle)
    {
        (_tools, Whistle, _receipt, _random) = (tools, whistle, whistle.Receipt!, new Random(whistle.Life.Pick ^ whistle.Number));
        var team = tools.Crew.Candidates(whistle.Team, propertyRecused: true);
        (First, Second) = (team[0].Session, team[1].Session);
        Police = team.First(b => b.Me.PostKind == PushRules.Police).Session;
    }

    public Whistle Whistle { get; }

    public string No => _receipt.CallNo;

    /// <summary>Two members of the local team.</summary>
    public Session First { get; }

    public Session Second { get; }

    public Session Police { get; }

    /// <summary>A member of another team of the community; null if there is only one.</summary>
    public Session? Other => _tools.Crew.InCommunity(Whistle.Community).FirstOrDefault(b => b.Me.Team != Whistle.Team && b.Me.PostKind == PushRules.GridWorker)?.Session;

    /// <summary>A grid worker of a team that could help: of the community, or of anywhere if that has only one team.</summary>
    public Session Helper => Other ?? _tools.Crew.Bots.First(b => b.Me.Team != Whistle.Team && b.Me.PostKind == PushRules.GridWorker).Session;

    public Session Community => _tools.Desks.Of(Whistle.Community);

    public Session Street => _tools.Desks.Street;

    public Session Leader => _tools.Desks.Leader;

    public Task Accept(Session by) => Act(by, "accept", Whats.Accepted, null);

    public Task Arrive(Session by) => Act(by, "arrive", Whats.Arrived, null);

    public Task Resolve(Session by) => Act(by, "resolve", Whats.Resolved, () => JsonContent.Create(new ResolveRequest("Simulated report"), ContractsJson.Default.ResolveRequest));

    public Task Return(Session by, string reason) => Act(by, "return", "returned", () => JsonContent.Create(new ReturnRequest(reason, Note), ContractsJson.Default.ReturnRequest));

    public Task Verify(bool passed = true)
    {
        // From the community if someone there took no part, otherwise a neighbour's grid worker.
        var verifiers = _tools.Crew.InCommunity(Whistle.Community).Concat(_tools.Crew.Bots).Where(b => b.Me.PostKind == PushRules.GridWorker).Select(b => b.Session);
        var by = verifiers.First(s => !_tookPart.Contains(s));
        return Act(by, "verify", passed ? Whats.Verified : Whats.Rejected, () => JsonContent.Create(new VerifyRequest(passed, Note), ContractsJson.Default.VerifyRequest));
    }

    public Task<bool> Order(Session by, string order, string what, OrderRequest request) =>
        Act(by, order, what, () => JsonContent.Create(request with { Note = request.Note ?? Note }, ContractsJson.Default.OrderRequest));

    public async Task Evaluate(bool solved, string satisfaction)
    {
        await Think();
        var (key, at) = (Key(), Now());
        var answer = await _tools.Patience.Persist(() => _tools.Api.Evaluate(_receipt.TrackingCode, new EvaluationRequest(solved, satisfaction, Note), key, _tools.Stop), _tools.Stop);
        Told(solved ? Whats.Evaluated : Whats.Reopened, Promises.Caller, answer, at);
    }

    public async Task Withdraw()
    {
        await Think();
        var (key, at) = (Key(), Now());
        Told(Whats.Withdrawn, Promises.Caller, await _tools.Patience.Persist(() => _tools.Api.Withdraw(_receipt.TrackingCode, key, _tools.Stop), _tools.Stop), at);
    }

    /// <summary>A helper comes.</summary>
    public Task Come(Session by) => Act(by, "come", "helpComes", null);

    /// <summary>Words for everybody who reported it.</summary>
    public Task Tell(Session by) => Act(by, "tell", "toldCaller", () => JsonContent.Create(new NoteRequest("Simulated words"), ContractsJson.Default.NoteRequest));

    /// <summary>The called party answers through the link that a desk created.</summary>
    /// <param name="verb">attend, finish or disclaim.</param>
    public async Task Party(Session maker, string answer, string verb, string what)
    {
        await Think();
        var token = await maker.Token(_tools.Stop);
        var link = await _tools.Patience.Persist(() => _tools.Api.Link(No, new OrderRequest { Answer = answer }, token, _tools.Stop), _tools.Stop);
        if (link.Value is not { } made) return;
        var (key, at) = (Key(), Now());
        Told(what, answer, await _tools.Patience.Persist(() => _tools.Api.Party(made.Url, verb, Note, key, _tools.Stop), _tools.Stop), at);
    }

    /// <summary>Another person's whistle about the same thing at the same place; null if it was rejected.</summary>
    public Task<FieldCase?> Blow(Session? officer = null, string? source = null, bool drill = false, bool joins = false) => Beside(
        Whistle.Request with { Danger = null, Source = source, Drill = drill ? true : null, Joins = joins ? No : null },
        async (request, key) => await _tools.Api.Blow(request, key, _tools.Stop, officer is null ? null : await officer.Token(_tools.Stop)));

    public Task<FieldCase?> Child(Session by) => Beside(
        Whistle.Request, async (_, key) => await _tools.Api.Child(No, new OrderRequest { Note = "Simulated repair" }, key, await by.Token(_tools.Stop), _tools.Stop));

    /// <summary>Continues from 接单 to the caller's rating.</summary>
    public async Task Finish(Session by)
    {
        await Arrive(by);
        await Resolve(by);
        await Close();
    }

    public async Task Close()
    {
        await Verify();
        await Evaluate(solved: true, "satisfied");
    }

    /// <summary>Waits until an answer promised at receipt is just late.</summary>
    public Task Lapses(string kind)
    {
        var due = _receipt.Answers.First(a => a.Kind == kind).Due;
        return Until(due + TimeSpan.FromSeconds(2));
    }

    public Task Until(DateTimeOffset instant) => instant - TimeProvider.System.GetUtcNow() is { } left && left > TimeSpan.Zero ? Task.Delay(left, TimeProvider.System, _tools.Stop) : Task.CompletedTask;

    private async Task<FieldCase?> Beside(WhistleRequest request, Func<WhistleRequest, string, Task<Answer<WhistleReceipt>>> blow)
    {
        await Think();
        var (key, at) = (Key(), Now());
        var answer = await _tools.Patience.Persist(() => blow(request, key), _tools.Stop);
        var whistle = new Whistle
        {
            Number = FirstOther + _tools.Others.Count, Offset = Whistle.Offset, Request = request, Team = Whistle.Team, Community = Whistle.Community,
            PropertyRecused = Whistle.PropertyRecused, Life = Whistle.Life, IntendedAt = at, StartedAt = at,
        };
        (whistle.Receipt, whistle.Refusal, whistle.AcknowledgedAt) = (answer.Value, answer.Value is null ? answer.Code : null, Now());
        _tools.Others.Enqueue(whistle);
        return whistle.Receipt is null ? null : new FieldCase(_tools, whistle);
    }

    private async Task<bool> Act(Session by, string command, string what, Func<HttpContent>? body)
    {
        await Think();
        var (key, at) = (Key(), Now());
        var answer = await _tools.Patience.Persist(async () => await _tools.Api.Command(No, command, body, key, await by.Token(_tools.Stop), _tools.Stop), _tools.Stop);
        if (answer.Value is not null && !_tookPart.Contains(by)) _tookPart.Add(by);
        Told(what, by.Me.Post!, answer, at);
        return answer.Value is not null;
    }

    /// <summary>The winner is in the text of an HTTP problem.</summary>
    private void Told<T>(string what, string by, Answer<T> answer, long at) where T : class =>
        _tools.Answers.Enqueue(new GivenAnswer(No, what, by, answer.Value is not null, answer.Code, WinnerTold: true, at));

    private Task Think() => Task.Delay(TimeSpan.FromMilliseconds(_random.Next(FewestMs, MostMs)), TimeProvider.System, _tools.Stop);

    private string Key() => $"{_tools.RunId}-f{Whistle.Number}-{++_acts}";

    private static long Now() => TimeProvider.System.GetTimestamp();
}
