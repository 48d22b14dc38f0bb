using System.Collections.Concurrent;
using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Simulator.Platforms;

namespace DispatchCenter.Simulator.Scenarios;

/// <summary>Plays the planned call-outs (叫应): the street's desk sends each, a share of those called answers, the desk ends it, and its report is held against what was acknowledged.</summary>
/// <param name="until">No further step begins after it.</param>
internal sealed class CalloutLives(StreetApi api, Crew crew, Session duty, Patience patience, RunOptions options, string runId, CancellationToken until)
{
    private const string Text = "Simulated warning", End = "Simulated end", Answered = "answered", Absent = "absent", Heard = "heard";

    private readonly Dice _dice = new(options.Seed);
    private readonly ConcurrentQueue<SentCallout> _sent = new();
    private readonly ConcurrentQueue<string> _refused = new();

    /// <summary>Ends when each was played through, or as soon as the run is over.</summary>
    public Task Run(IReadOnlyList<PlannedCallout> planned, CancellationToken stop) => Task.WhenAll(planned.Select(async (callout, i) =>
    {
        try
        {
            await Pause(callout.At);
            await Live(callout, $"{runId}-c{i}", stop);
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested || stop.IsCancellationRequested)
        {
            // it stays open, and what was acknowledged is checked
        }
    }));

    /// <summary>Each was sent to as many as acknowledged, is in the journal, and its report shows every answer that was acknowledged.</summary>
    /// <returns>Null if none was planned.</returns>
    public async Task<Faults?> Judge(JournalAudit journal)
    {
        if (_sent.IsEmpty && _refused.IsEmpty) return null;
        var faults = new Faults();
        foreach (var refused in _refused) faults.Add(refused);
        faults.Check(_refused.Count);
        foreach (var sent in _sent)
        {
            var no = sent.Receipt.CallNo;
            faults.Check(3 + sent.Answers.Count);
            if (journal.FindMatter(no) is null) faults.Add($"call-out {no} was acknowledged and is not in the journal");
            if (await View(no, CancellationToken.None) is not { } view)
            {
                faults.Add($"the report of call-out {no} cannot be read");
                continue;
            }

            var asked = view.Posts.Count(p => p.State != Absent);
            if (asked != sent.Receipt.Asked) faults.Add($"call-out {no} was acknowledged as sent to {sent.Receipt.Asked} and its report has {asked}");
            if (sent.IsEnded && view.EndedAt is null) faults.Add($"call-out {no} was ended and is open in its report");
            var answered = view.Posts.Where(p => p.State == Answered).Select(p => p.Post).ToHashSet();
            foreach (var post in sent.Answers.Keys)
                if (!answered.Contains(post)) faults.Add($"the answer of {post} to call-out {no} was acknowledged and is not in its report");
        }

        return faults;
    }

    private async Task Live(PlannedCallout callout, string key, CancellationToken stop)
    {
        var request = new CalloutRequest { Text = Text, Drill = callout.Drill, Choose = new CalloutChoice(callout.Kinds.Count == 0 ? null : callout.Kinds) };
        var answer = await patience.Persist(async () => await api.Callout(request, key, await duty.Token(stop), stop), stop);
        if (answer.Value is not { } receipt)
        {
            _refused.Enqueue($"a call-out was given up: {answer.Code}");
            return;
        }

        var sent = new SentCallout(receipt);
        _sent.Enqueue(sent);
        if (await View(receipt.CallNo, stop) is not { } view) return;
        var called = view.Posts.Where(p => p.State != Absent).Select(p => p.Post).ToHashSet();
        await Task.WhenAll(crew.Bots.Where(b => called.Contains(b.Me.Post!)).Select(bot => Answer(callout, sent, bot, view.Parts, key, stop)));
        sent.IsEnded = (await patience.Persist(async () => await api.EndCallout(receipt.CallNo, new CalloutEnd(End), $"{key}-end", await duty.Token(stop), stop), stop)).Value is not null;
    }

    private async Task Answer(PlannedCallout callout, SentCallout sent, TeamBot bot, IReadOnlyList<CalloutPart> parts, string key, CancellationToken stop)
    {
        var (no, who) = (sent.Receipt.CallNo, bot.Me.UserName);
        var hears = _dice.Roll("callout", callout.At.Ticks.ToString(CultureInfo.InvariantCulture), who) < callout.Answered;
        await Pause(hears ? callout.Within * _dice.Roll("hears", callout.At.Ticks.ToString(CultureInfo.InvariantCulture), who) : callout.Within);
        if (!hears) return;
        foreach (var part in parts.Where(p => p.Community == bot.Me.Community))
        {
            var order = new MatterOrder { Owed = Heard, Says = "done" };
            var answer = await patience.Persist(async () => await api.Matter(part.CallNo, "answer", order, $"{key}-{part.CallNo}-{who}", await bot.Session.Token(stop), stop), stop);
            if (answer.Value is not { Ok: true }) continue;
            sent.Answers[bot.Me.Post!] = part.CallNo;
            return;
        }

        if (!bot.IsAway) _refused.Enqueue($"the answer of {who} to call-out {no} was not taken");
    }

    private async Task<CalloutView?> View(string no, CancellationToken stop) => (await patience.Persist(async () => await api.CalloutReport(no, await duty.Token(stop), stop), stop)).Value;

    private Task Pause(TimeSpan life) => Task.Delay(life / options.Speed, TimeProvider.System, until);

    /// <summary>A call-out that was acknowledged, and the posts whose answers were, with the part that took each.</summary>
    private sealed record SentCallout(CalloutReceipt Receipt)
    {
        public ConcurrentDictionary<string, string> Answers { get; } = new();

        public bool IsEnded { get; set; }
    }
}
