using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>What came of one report.</summary>
/// <param name="Code">Of its tracking page.</param>
public sealed record Reported(TrackedCall Call, string Code);

/// <summary>
/// Reports by a personal link (信息员上报), and what came of them. They are whistles like any other, with a source of their own, and are not rated by whoever reported them. A report
/// that comes when its link has ended is not refused, since the phone may have been offline for hours: it rings as any resident's would, and is in nobody's list.
/// </summary>
public sealed class ReportCommands(PersonalLinks links, CallerCommands callers, CallerQueries reader, ReachBook reach)
{
    /// <summary>The characters of a report. The name of its place stands before them.</summary>
    public const int WordsLimit = Texts.NoteLimit;

    /// <summary>Whoever holds the link; null if it is unknown or has ended.</summary>
    public Task<Reporter?> FindAsync(string code, CancellationToken ct) => links.FindAsync(code, ct);

    /// <summary>What they reported, newest first, and how many there are in all.</summary>
    public async Task<(IReadOnlyList<Reported> Shown, int All)> ListAsync(Reporter reporter, CancellationToken ct)
    {
        var (shown, all) = await reader.ReportedAsync(reporter.Bearer, ct);
        return ([.. shown.Select(one => new Reported(one.Call, one.Code))], all);
    }

    /// <summary>Blows the whistle, at one of the places of the link.</summary>
    /// <param name="reporter">As the code was found now; null if it has ended.</param>
    /// <param name="place">The value of a <see cref="ReportPlace"/>.</param>
    /// <param name="signedIn">Whoever is signed in on that phone.</param>
    public async Task<Outcome<WhistleReceipt>> BlowAsync(Reporter? reporter, string? place, WhistleRequest request, Staff? signedIn, string? idempotencyKey, CancellationToken ct)
    {
        if ((reporter is null ? links.PlaceOf(place) : reporter.Places.FirstOrDefault(p => p.Value == place)) is not { } at) return new(Outcome.Of("report_place"));
        if (Texts.Check(request.Description, WordsLimit, "description", out var words) is { } tooLong) return new(tooLong);
        var whistle = request with { Station = null, Grid = at.Grid.Value, Description = at.Entry is { } entry ? reach.Placed(entry.Name, words) : words };
        return await (reporter is null ? callers.BlowAsync(whistle, idempotencyKey, ct) : callers.ReportAsync(whistle, reporter.Bearer, signedIn, idempotencyKey, ct));
    }
}
