using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>
/// The exceptions of the street, for desks and leads: sending a team, correcting, calling a party, asking and deciding, merging, handing
/// up. Reads what people send and turns it into a command; the case decides.
/// </summary>
public sealed class OrderCommands(StaffCommands staff, DispatchDesk desk, Database database, StreetBook streets, PolicyBook policies)
{
    /// <summary>The kind of a request that is about the score and not about the case.</summary>
    private const string Exemption = "exemption";

    private sealed record Order(Func<Post, CallCommand> Command, bool NeedsNote = false);

    /// <summary>本人回避, the one order that everybody may give who sees a case.</summary>
    public const string Recuse = "recuse";

    /// <summary>The names of the orders, as <c>POST /api/calls/{no}/{order}</c> takes them.</summary>
    public static readonly IReadOnlyList<string> Orders =
        ["designate", "correct", "summon", "attend", "release", "request", "rule", "resume", "difficult", "handUp", "merge", "unmerge", "callback", "emergency", Recuse];

    public async Task<Answered> AskAsync(Staff who, string callNo, string order, OrderRequest request, Tap tap)
    {
        var read = Read(order, request);
        if (read.Value is not { } known) return new Answered(read, null);
        if (known.NeedsNote && string.IsNullOrWhiteSpace(request.Note)) return new Answered(Outcome.Of(Codes.ReasonMissing), null);
        return await staff.AskAsync(who, callNo, order, known.Command, tap, "note", request.Note, request, ContractsJson.Default.OrderRequest);
    }

    /// <summary>Opens a child case: what is left to do where this one has been made safe. It is not urgent by itself, and hides what its parent hides.</summary>
    public async Task<Outcome<WhistleReceipt>> OpenChildAsync(Staff who, string callNo, OrderRequest request, string? key, CancellationToken ct)
    {
        if (who.Post is not { } post) return new(Outcome.Of(Codes.Forbidden));
        if (Texts.Check(request.Note, Texts.DescriptionLimit, "description", out var description) is { } tooLong) return new(tooLong);
        if (description.Length == 0) return new(Outcome.Of(Codes.TextMissing));
        if (!Keys.TryMake(key, who, $"child {callNo}", request, ContractsJson.Default.OrderRequest, out var requestKey)) return new(Outcome.Of(Codes.IdempotencyKeyInvalid));
        if (await CaseQueries.FindAsync(database, Sight.Of(post), callNo, ct) is not { } parent) return new(Outcome.Of(Codes.CallNotFound));
        if (policies.Current.Latest.FindCategory(request.Category ?? parent.Category) is not { } category) return new(Outcome.Of(Codes.CategoryUnknown));
        if (streets.Map.FindGrid(parent.Grid.Value) is not { } grid) return new(Outcome.Of(Codes.GridUnknown));
        var reply = await desk.Submit(new DeskRequest.Blow(
            category with { Level = category.Level == Level.S1 ? Level.S2 : category.Level }, grid, null, Danger: false, parent.Recusal.Property, parent.Drill, Source.Child, post, description, Caller.Unknown)
        { Parent = parent.No }, requestKey);
        return reply is DeskReply.Done done
            ? new WhistleReceipt(done.Call.No.Value, done.Tracking, $"/t/{done.Tracking}", [.. done.Call.Answers.Select(a => new PromisedAnswer(Names.Camel(a.Kind), a.Clock.Due))])
            : new Outcome<WhistleReceipt>(Replies.Of(reply));
    }

    private Outcome<Order> Read(string order, OrderRequest r) => order switch
    {
        "designate" => r.Team is { } team ? new Order(by => new CallCommand.Designate(by, new TeamCode(team)), NeedsNote: true) : Missing("team"),
        "correct" => Correction(r),
        "summon" => r.Party is { } party ? new Order(by => new CallCommand.Summon(by, party)) : Missing("party"),
        "attend" => r.Answer is { } attended ? new Order(by => new CallCommand.Attend(by, attended)) : Missing("answer"),
        "release" => r.Answer is { } released ? new Order(by => new CallCommand.Release(by, released), NeedsNote: true) : Missing("answer"),
        "request" when r.Kind == Exemption => (r.Answer, Names.Parse<ExemptionReason>(r.Reason)) is ({ } late, { } why)
            ? new Order(by => new CallCommand.AskExemption(by, late, why), NeedsNote: true) : Missing("answer, reason"),
        "rule" when r.Kind == Exemption => (r.Answer, r.Granted) is ({ } late, { } left)
            ? new Order(by => new CallCommand.RuleExemption(by, late, left), NeedsNote: !left) : Missing("answer, granted"),
        "request" => Names.Parse<PetitionKind>(r.Kind) switch
        {
            PetitionKind.Extension => r.Hours is > 0 and <= 24 * 365
                ? new Order(by => new CallCommand.Request(by, PetitionKind.Extension, Length: TimeSpan.FromMinutes(Math.Round(r.Hours.Value * 60))), NeedsNote: true) : Missing("hours"),
            PetitionKind.Suspension => r.Until is { } until ? new Order(by => new CallCommand.Request(by, PetitionKind.Suspension, Until: Whole(until)), NeedsNote: true) : Missing("until"),
            PetitionKind.Decline => new Order(by => new CallCommand.Request(by, PetitionKind.Decline), NeedsNote: true),
            _ => Missing("kind"),
        },
        "rule" => (Names.Parse<PetitionKind>(r.Kind), r.Granted) is ({ } kind, { } granted) ? new Order(by => new CallCommand.Rule(by, kind, granted), NeedsNote: !granted || kind == PetitionKind.Decline) : Missing("kind, granted"),
        "resume" => new Order(by => new CallCommand.Resume(by)),
        "difficult" => new Order(by => new CallCommand.MarkDifficult(by), NeedsNote: true),
        "handUp" => r.Until is { } due ? new Order(by => new CallCommand.HandUp(by, Whole(due)), NeedsNote: true) : Missing("until"),
        "merge" => CallNo.IsOne(r.Into) ? new Order(by => new CallCommand.Merge(by, new CallNo(r.Into!))) : Missing("into"),
        "unmerge" => new Order(by => new CallCommand.Unmerge(by)),
        "callback" => Callback(r),
        Recuse => new Order(by => new CallCommand.Recuse(by)),
        "emergency" => r.Number is { } number ? new Order(by => new CallCommand.ConfirmEmergency(by, number)) : Missing("number"),
        _ => new(Outcome.Of(Codes.NotFound)),
    };

    private Outcome<Order> Correction(OrderRequest r)
    {
        Category? category = null;
        Grid? grid = null;
        if (r.Category is not null && (category = policies.Current.Latest.FindCategory(r.Category)) is null) return new(Outcome.Of(Codes.CategoryUnknown));
        if (r.Grid is not null && (grid = streets.Map.FindGrid(r.Grid)) is null) return new(Outcome.Of(Codes.GridUnknown));
        var level = r.Level is null ? null : Enum.TryParse<Level>(r.Level, out var named) && Enum.IsDefined(named) && r.Level == named.ToString() ? named : (Level?)null;
        if (r.Level is not null && level is null) return Missing("level");
        return new Order(by => new CallCommand.Correct(by, category, level, grid));
    }

    private static Outcome<Order> Callback(OrderRequest r)
    {
        if (Names.Parse<CallbackResult>(r.Result) is not { } result) return Missing("result");
        if (result != CallbackResult.Reached) return new Order(by => new CallCommand.Callback(by, result, null, null));
        if (r.Solved is not { } solved || Names.Parse<Satisfaction>(r.Satisfaction) is not { } satisfaction) return Missing("solved, satisfaction");
        return new Order(by => new CallCommand.Callback(by, result, solved, satisfaction));
    }

    private static Outcome<Order> Missing(string fields) => new(Outcome.Of(Codes.OrderIncomplete, (fields, fields)));

    /// <summary>Whole milliseconds, as every instant of a case.</summary>
    private static DateTimeOffset Whole(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}
