using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>
/// Every staff verb, one row each, in the order the API lists them. To add one: a command in <see cref="CallCommand"/> with its
/// rule in <see cref="Life"/>, a row here, its two sentences (<c>ui.command.</c> and <c>ui.say.done.</c>), and the questions of its dialog.
/// </summary>
public static class Verbs
{
    public static readonly Verb<VerifyRequest> Verify = new("verify", WhistleRights.Verify, ContractsJson.Default.VerifyRequest)
    {
        Button = 1, MayWait = true,
        Reads = (r, _) => r.Passed is { } passed ? new Asked(by => new CallCommand.Verify(by, passed)) : Outcome.Of("verdict_missing").As<Asked>(),
        Words = r => r.Note, WordsKind = "verifyNote",
        Tries = c => [new CallCommand.Verify(c.By, Passed: true)],
    };

    public static readonly PlainVerb Accept = Daily("accept", 2, by => new CallCommand.Accept(by));
    public static readonly PlainVerb Arrive = Daily("arrive", 3, by => new CallCommand.Arrive(by));

    public static readonly Verb<ResolveRequest> Resolve = new("resolve", WhistleRights.Answer, ContractsJson.Default.ResolveRequest)
    {
        Button = 4, MayWait = true,
        Reads = (_, _) => new Asked(by => new CallCommand.Resolve(by)),
        Words = r => r.Report, WordsKind = "resolveReport",
        Tries = c => [new CallCommand.Resolve(c.By)],
    };

    public static readonly Verb<AcknowledgeRequest> Acknowledge = new("acknowledge", WhistleRights.Answer, ContractsJson.Default.AcknowledgeRequest)
    {
        Button = 5,
        Reads = (r, _) => new Asked(by => new CallCommand.Acknowledge(by, r.Answer ?? string.Empty) { SaidAt = Whole(r.SaidAt) }),
        Words = r => r.Note,
        Tries = c => Owed(c, AnswerKind.Acknowledge).Select(key => new CallCommand.Acknowledge(c.By, key)),
    };

    public static readonly Verb<OrderRequest> Callback = Order("callback",
        (r, _) => Names.Parse<CallbackResult>(r.Result) switch
        {
            null => Missing("result"),
            CallbackResult.Reached => r.Solved is { } solved && Names.Parse<Satisfaction>(r.Satisfaction) is { } satisfaction
                ? new Asked(by => new CallCommand.Callback(by, CallbackResult.Reached, solved, satisfaction)) : Missing("solved, satisfaction"),
            { } result => new Asked(by => new CallCommand.Callback(by, result, null, null)),
        },
        c => [new CallCommand.Callback(c.By, CallbackResult.NoAnswer, null, null)], button: 6);

    public static readonly Verb<OrderRequest> RuleExtension = Ruling("ruleExtension", 7, PetitionKind.Extension);
    public static readonly Verb<OrderRequest> RuleSuspension = Ruling("ruleSuspension", 8, PetitionKind.Suspension);
    public static readonly Verb<OrderRequest> RuleDecline = Ruling("ruleDecline", 9, PetitionKind.Decline);

    public static readonly Verb<OrderRequest> RuleExemption = Order("ruleExemption", button: 10, path: "rule", kind: Exemption,
        reads: (r, _) => (r.Answer, r.Granted) is ({ } late, { } granted) ? new Asked(by => new CallCommand.RuleExemption(by, late, granted), NeedsWords: !granted) : Missing("answer, granted"),
        tries: c => c.Call.Exemptions.Where(e => e.Granted is null).Select(e => new CallCommand.RuleExemption(c.By, e.Answer, Granted: false)).Take(1));

    public static readonly Verb<OrderRequest> Resume = Order("resume", (_, _) => new Asked(by => new CallCommand.Resume(by)), c => [new CallCommand.Resume(c.By)], button: 11);
    public static readonly Verb<OrderRequest> Unmerge = Order("unmerge", (_, _) => new Asked(by => new CallCommand.Unmerge(by)), c => [new CallCommand.Unmerge(c.By)], button: 12);

    public static readonly Verb<OrderRequest> Designate = Order("designate",
        (r, _) => r.Team is { } team ? new Asked(by => new CallCommand.Designate(by, new TeamCode(team)) { Instead = r.Instead }, NeedsWords: true) : Missing("team"),
        c => c.World.Map.Teams.Where(team => CouldBeSent(c, team)).Select(team => new CallCommand.Designate(c.By, team.Code)).Take(1), button: 13);

    public static readonly Verb<OrderRequest> Summon = Order("summon",
        (r, _) => r.Party is { } party ? new Asked(by => new CallCommand.Summon(by, party)) : Missing("party"),
        c => c.World.Policy.Parties.Where(p => !c.Call.Answers.Any(a => a.Party == p.Code && a.IsOwed)).Select(p => new CallCommand.Summon(c.By, p.Code)).Take(1), button: 14);

    public static readonly Verb<ReturnRequest> Return = new("return", WhistleRights.Answer, ContractsJson.Default.ReturnRequest)
    {
        Button = 15, MayWait = true,
        Reads = (r, _) => Names.Parse<ReturnReason>(r.Reason) is { } reason ? new Asked(by => new CallCommand.Return(by, reason)) : Outcome.Of(Codes.ReasonUnknown).As<Asked>(),
        Words = r => r.Note, WordsKind = "returnNote",
        Tries = c => [new CallCommand.Return(c.By, ReturnReason.NoPower)],
    };

    /// <summary>请邻队增援: the lead keeps the case.</summary>
    public static readonly Verb<OrderRequest> Help = Order("help",
        (r, _) => r.Team is { } team ? new Asked(by => new CallCommand.CallHelp(by, new TeamCode(team))) : Missing("team"),
        c => c.World.Map.Teams.Where(team => CouldBeSent(c, team) && !c.Call.Teams.Contains(team.Code) && !c.Call.Helpers.Contains(team.Code)).Select(team => new CallCommand.CallHelp(c.By, team.Code)).Take(1), button: 18);

    public static readonly PlainVerb Come = Daily("come", 16, by => new CallCommand.AnswerHelp(by, Comes: true));

    public static readonly Verb<OrderRequest> CannotCome = Order("cannotCome", button: 17, mayWait: true,
        reads: (_, _) => new Asked(by => new CallCommand.AnswerHelp(by, Comes: false)), tries: c => [new CallCommand.AnswerHelp(c.By, Comes: false)]);

    public static readonly Verb<OrderRequest> Attend = Order("attend",
        (r, _) => r.Answer is { } answer ? new Asked(by => new CallCommand.Attend(by, answer) { SaidAt = Whole(r.SaidAt) }) : Missing("answer"),
        c => Owed(c, AnswerKind.Attend).Select(key => new CallCommand.Attend(c.By, key)).Take(1));

    public static readonly Verb<OrderRequest> Release = Order("release",
        (r, _) => r.Answer is { } answer ? new Asked(by => new CallCommand.Release(by, answer), NeedsWords: true) : Missing("answer"),
        c => Owed(c, AnswerKind.Acknowledge, AnswerKind.Attend, AnswerKind.Help).Select(key => new CallCommand.Release(c.By, key)));

    public static readonly Verb<OrderRequest> Correct = Order("correct", Correction, c => [new CallCommand.Correct(c.By, null, c.Call.Level == Level.S3 ? Level.S2 : Level.S3, null)]);

    public static readonly Verb<OrderRequest> RequestExtension = Petition("requestExtension", PetitionKind.Extension,
        r => r.Hours is > 0 and <= 24 * 365 ? new Asked(by => new CallCommand.Request(by, PetitionKind.Extension, Length: TimeSpan.FromMinutes(Math.Round(r.Hours.Value * 60))), NeedsWords: true) : Missing("hours"),
        c => new CallCommand.Request(c.By, PetitionKind.Extension, Length: TimeSpan.FromMinutes(1)));

    public static readonly Verb<OrderRequest> RequestSuspension = Petition("requestSuspension", PetitionKind.Suspension,
        r => r.Until is { } until ? new Asked(by => new CallCommand.Request(by, PetitionKind.Suspension, Until: Whole(until)), NeedsWords: true) : Missing("until"),
        c => new CallCommand.Request(c.By, PetitionKind.Suspension, Until: c.World.Now.AddDays(1)));

    public static readonly Verb<OrderRequest> RequestDecline = Petition("requestDecline", PetitionKind.Decline,
        _ => new Asked(by => new CallCommand.Request(by, PetitionKind.Decline), NeedsWords: true),
        c => new CallCommand.Request(c.By, PetitionKind.Decline));

    public static readonly Verb<OrderRequest> Difficult = Order("difficult", (_, _) => new Asked(by => new CallCommand.MarkDifficult(by), NeedsWords: true), c => [new CallCommand.MarkDifficult(c.By)]);

    public static readonly Verb<OrderRequest> HandUp = Order("handUp",
        (r, _) => r.Until is not { } due ? Missing("until")
            : !string.IsNullOrWhiteSpace(r.CityNo) && !IsCityNo(r.CityNo.Trim()) ? Missing("cityNo")
            : new Asked(by => new CallCommand.HandUp(by, Whole(due)) { CityNo = string.IsNullOrWhiteSpace(r.CityNo) ? null : r.CityNo.Trim() }, NeedsWords: true),
        c => [new CallCommand.HandUp(c.By, c.World.Now.AddDays(1))]);

    public static readonly Verb<OrderRequest> Merge = Order("merge",
        (r, _) => CallNo.IsOne(r.Into) ? new Asked(by => new CallCommand.Merge(by, new CallNo(r.Into!))) : Missing("into"),
        c => [new CallCommand.Merge(c.By, Nowhere)]);

    /// <summary>Opens another case: <see cref="StaffCommands.OpenChildAsync"/>.</summary>
    public static readonly Verb Child = new("child", WhistleRights.Order) { Tries = c => [new CallCommand.OpenChild(c.By, Nowhere)] };

    public static readonly Verb<OrderRequest> Emergency = Order("emergency",
        (r, _) => r.Number is { } number ? new Asked(by => new CallCommand.ConfirmEmergency(by, number)) : Missing("number"),
        c => CallCommand.ConfirmEmergency.Numbers.Where(n => !c.Call.Emergency.Contains(n)).Select(n => new CallCommand.ConfirmEmergency(c.By, n)).Take(1));

    public static readonly Verb<OrderRequest> RequestExemption = Order("requestExemption", path: "request", kind: Exemption,
        reads: (r, _) => (r.Answer, Names.Parse<ExemptionReason>(r.Reason)) is ({ } late, { } reason) ? new Asked(by => new CallCommand.AskExemption(by, late, reason), NeedsWords: true) : Missing("answer, reason"),
        tries: c => c.Call.Answers.Where(a => a.Kind is AnswerKind.Accept or AnswerKind.Arrive or AnswerKind.Resolve && a.Clock.Breached && !c.Call.Exemptions.Any(e => e.Answer == a.Key))
            .Select(a => new CallCommand.AskExemption(c.By, a.Key, ExemptionReason.OutsideCause)).Take(1));

    /// <summary>本人回避: for anyone who sees the case.</summary>
    public static readonly Verb<OrderRequest> Recuse = Order("recuse", right: WhistleRights.Recuse, reads: (_, _) => new Asked(by => new CallCommand.Recuse(by)), tries: c => [new CallCommand.Recuse(c.By)]);

    /// <summary>Adds text, photos or both.</summary>
    public static readonly Verb<NoteRequest> Note = new("note", WhistleRights.Answer, ContractsJson.Default.NoteRequest)
    {
        MayWait = true,
        Reads = (r, _) =>
        {
            if (string.IsNullOrWhiteSpace(r.Note) && r.Photos is not { Count: > 0 }) return new(Outcome.Of(Codes.TextMissing));
            return r.Photos is { Count: > 0 } && r.Shows is not (null or "note" or CallPhotos.Before or CallPhotos.After) ? Missing("shows") : new Asked(by => new CallCommand.Note(by));
        },
        Words = r => r.Note,
        Photos = r => r.Photos is { Count: > 0 } ids ? new CallPhotos(r.Shows ?? "note", ids) : null,
        Tries = c => [new CallCommand.Note(c.By)],
    };

    /// <summary>Words for everybody who reported it.</summary>
    public static readonly Verb<NoteRequest> Tell = new("tell", WhistleRights.Answer, ContractsJson.Default.NoteRequest)
    {
        Reads = (r, _) => string.IsNullOrWhiteSpace(r.Note) ? Outcome.Of(Codes.TextMissing).As<Asked>() : new Asked(by => new CallCommand.TellCaller(by)),
        Words = r => r.Note, WordsKind = CallerStory.Words,
        Tries = c => [new CallCommand.TellCaller(c.By)],
    };

    /// <summary>All verbs.</summary>
    public static readonly IReadOnlyList<Verb> All =
    [
        Accept, Arrive, Resolve, Return, Acknowledge, Verify, Callback, Summon, Help, Come, CannotCome, Attend, Release, Designate, Correct, RequestExtension, RequestSuspension, RequestDecline,
        RuleExtension, RuleSuspension, RuleDecline, Resume, Difficult, HandUp, Merge, Unmerge, Child, Emergency, RequestExemption, RuleExemption, Recuse, Note, Tell,
    ];

    /// <summary>What a post may do to a case now, by name.</summary>
    public static IEnumerable<string> OfferedTo(Chance chance) => All.Where(verb => verb.Allowed(chance).Any()).Select(verb => verb.Name);

    /// <summary>The verb meant by a request to a path. Null if several share the path and the body's <c>kind</c> matches none of them.</summary>
    public static Verb? Meant(IReadOnlyList<Verb> sharing, object? body) => sharing.Count == 1 ? sharing[0] : sharing.FirstOrDefault(verb => verb.Kind == (body as OrderRequest)?.Kind);

    /// <summary>A refusal that names the missing or unknown members.</summary>
    public static Outcome<Asked> Missing(string members) => new(Outcome.Of(Codes.OrderIncomplete, (members, members)));

    /// <summary>The kind of a petition that concerns the score, not the case.</summary>
    private const string Exemption = "exemption";

    private static readonly CallNo Nowhere = new("W000000-00000");

    private static PlainVerb Daily(string name, int button, Func<Post, CallCommand> command) =>
        new(name, WhistleRights.Answer, command) { Button = button, MayWait = true, Tries = c => [command(c.By)] };

    private static Verb<OrderRequest> Order(
        string name, Func<OrderRequest, Lookups, Outcome<Asked>> reads, Func<Chance, IEnumerable<CallCommand>> tries,
        string? path = null, string? kind = null, Right? right = null, bool mayWait = false, int? button = null) =>
        new(name, right ?? WhistleRights.Order, ContractsJson.Default.OrderRequest)
        {
            Path = path ?? name, Kind = kind, Button = button, MayWait = mayWait, Reads = reads, Words = r => r.Note, Tries = tries,
        };

    private static Verb<OrderRequest> Petition(string name, PetitionKind kind, Func<OrderRequest, Outcome<Asked>> reads, Func<Chance, CallCommand> tried) =>
        Order(name, (r, _) => reads(r), c => [tried(c)], "request", Names.Camel(kind), mayWait: true);

    private static Verb<OrderRequest> Ruling(string name, int button, PetitionKind kind) => Order(name, button: button, path: "rule", kind: Names.Camel(kind),
        reads: (r, _) => r.Granted is { } granted ? new Asked(by => new CallCommand.Rule(by, kind, granted), NeedsWords: !granted || kind == PetitionKind.Decline) : Missing("granted"),
        tries: c => [new CallCommand.Rule(c.By, kind, Granted: false)]);

    private static Outcome<Asked> Correction(OrderRequest r, Lookups lookups)
    {
        Category? category = null;
        Grid? grid = null;
        if (r.Category is not null && (category = lookups.Policy.FindCategory(r.Category)) is null) return new(Outcome.Of(Codes.CategoryUnknown));
        if (r.Grid is not null && (grid = lookups.Map.FindGrid(r.Grid)) is null) return new(Outcome.Of(Codes.GridUnknown));
        var level = r.Level is null ? null : Enum.TryParse<Level>(r.Level, out var named) && Enum.IsDefined(named) && r.Level == named.ToString() ? named : (Level?)null;
        return r.Level is not null && level is null ? Missing("level") : new Asked(by => new CallCommand.Correct(by, category, level, grid));
    }

    /// <summary>A number, not a text: it stands on the card, where no person may.</summary>
    private static bool IsCityNo(string text) => text.Length is >= 4 and <= 40 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && text.Any(char.IsAsciiDigit);

    private static IEnumerable<string> Owed(Chance chance, params AnswerKind[] kinds) => chance.Call.Answers.Where(a => a.IsOwed && kinds.Contains(a.Kind)).Select(a => a.Key);

    private static bool CouldBeSent(Chance chance, Team team) =>
        (team.Community == chance.Call.Community || chance.By.Kind == PostKind.StreetDesk) && team.Code != (chance.Call.Lead as Lead.OfTeam)?.Team && team.Code != chance.Call.Designated
        && chance.World.OnDuty.CanAnswer(team.Code, chance.Call.Recusal);

    private static DateTimeOffset? Whole(DateTimeOffset? at) => at is { } some ? Whole(some) : null;

    /// <summary>Whole milliseconds, like every instant in a case.</summary>
    private static DateTimeOffset Whole(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}
