using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>
/// A street of its own for every story: the real desk, database and feed, and a clock that only the story moves. It begins on Wednesday
/// 11 March 2026 at 09:00. Community 01 has the teams 01 (grids 001 to 003) and 02 (004 to 007); community 02 the teams 03 (008 to 011) and 04.
/// </summary>
public abstract class StreetStory : IAsyncLifetime
{
    protected static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private TestStreet? _street;

    protected TestStreet Street => _street!;

    public async ValueTask InitializeAsync()
    {
        _street = await TestStreet.StartAsync();
        await Street.Sweep(); // the first one tells ringing cases who is on duty: there are none yet
    }

    public async ValueTask DisposeAsync()
    {
        await Street.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>An instant of 2026 as the clock on the wall shows it: "03-16 09:00".</summary>
    protected static DateTimeOffset At(string wall) => new(DateTime.Parse($"2026-{wall}", System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(8));

    protected Task<CallCard> Do(string userName, string no, string command, object? body = null) => Street.Do(userName, no, command, body);

    /// <summary>Refused with this code, and nothing has changed.</summary>
    protected async Task IsRefused(string userName, string no, string command, int status, string code, object? body = null)
    {
        var before = Street.Fingerprint();
        (await (await Street.As(userName)).Send($"/api/calls/{no}/{command}", body)).Problem(status, code);
        Assert.Equal(before, Street.Fingerprint());
    }

    protected async Task<TrackedCall> Track(WhistleReceipt call) => (await Street.Anyone.Read($"/api/track/{call.TrackingCode}")).Value<TrackedCall>();

    protected async Task<TrackedCall> Evaluate(WhistleReceipt call, bool solved, string satisfaction) =>
        (await Street.Anyone.Send($"/api/track/{call.TrackingCode}/evaluation", new { solved, satisfaction })).Value<TrackedCall>();

    protected async Task<AnswerCard> Answer(string no, string key) => (await Street.Card(no)).Answers.Single(a => a.Key == key);

    protected Task<int> Passes(TimeSpan span) => Street.SweepAfter(span);

    protected Task<int> Reaches(DateTimeOffset instant) => Street.SweepAfter(instant - Street.Now);

    /// <summary>The inverse of <see cref="At"/>.</summary>
    protected static string Wall(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(8)).ToString("MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The case's journal, a line a change: what, the answer where a clock acted, and what went with it; instants as the clock on the wall shows them.</summary>
    protected async Task<string[]> Told(string no) =>
        [.. (await Street.Journal(no)).Select(e => string.Join(' ', new[] { e.What, e.By == JournalEntry.ByClock ? e.Answer : null }.Concat(e.Detail.Select(d => d is Detail.Until { At: var end } ? $"until:{Wall(end)}" : Details.Text(d))).OfType<string>()))];

    /// <summary>A handled case that a grid worker has verified: the caller's word is awaited.</summary>
    protected async Task<WhistleReceipt> Verified(string handler = "grid001", string verifier = "grid002")
    {
        var call = await Street.Blow();
        await Street.Handle(handler, call.CallNo);
        await Do(verifier, call.CallNo, "verify", new { passed = true });
        return call;
    }

    /// <summary>Takes the case and is there.</summary>
    protected async Task OnScene(string userName, string no)
    {
        await Do(userName, no, "accept");
        await Do(userName, no, "arrive");
    }

    /// <summary>Makes a one-time link for what a party owes; its API path.</summary>
    protected async Task<string> Link(string userName, string no, string answer) =>
        "/api" + (await (await Street.As(userName)).Send($"/api/calls/{no}/link", new { answer })).Value<LinkReply>(System.Net.HttpStatusCode.Created).Url;

    /// <summary>Who has looked at a case, in order: an account's id, or "party".</summary>
    protected async Task<string[]> Looks(string no)
    {
        await using var db = Street.Service<Database>().Context();
        return await db.Reads.AsNoTracking().Where(r => r.CallNo == no).OrderBy(r => r.Id).Select(r => r.Account).ToArrayAsync();
    }
}
