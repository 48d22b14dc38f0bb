using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.Reports;

/// <summary>When whistles arrived and how long their answers took, as figures and as CSV tables.</summary>
public sealed class StatsQueries(HistoryQueries history, PolicyBook policies, TimeProvider time)
{
    /// <param name="from">yyyy-MM-dd, like <paramref name="to"/>; days in Asia/Shanghai, default the last seven.</param>
    public async Task<Outcome<StatsView>> AskAsync(Staff who, string? from, string? to, CancellationToken ct)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var valid = await history.ValidAsync(who, from, to, ct);
        if (!valid.Ok) return valid.As<StatsView>();
        var (first, last, cards) = valid.Value;
        return new StatsView(
            first, last, now, cards.Count,
            [.. cards.GroupBy(c => c.Category).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(Arrivals)],
            [.. AnswerTimes.Kinds.SelectMany(kind => AnswerTimes.Levels.Select(level => AnswerTimes.View(kind, level, cards, now)))]);
    }

    /// <summary>One of the tables: arrivals or answers.</summary>
    public async Task<Outcome<byte[]>> CsvAsync(Staff who, string? from, string? to, string? table, CancellationToken ct)
    {
        if (table is not ("arrivals" or "answers")) return Outcome.Bad("stats_table").As<byte[]>();
        var asked = await AskAsync(who, from, to, ct);
        if (asked.Value is not { } view) return asked.As<byte[]>();
        string[] days = [Day(view.From), Day(view.To), WallClock.Iso(view.AsOf)];
        var rows = table == "arrivals"
            ? view.Arrivals.SelectMany(a => a.Hours.Select((count, hour) => (string[])[.. days, a.Category, a.Name, a.NameEn, Number(hour), Number(count)]))
            : view.Answers.Select(a => (string[])
                [.. days, a.Kind, a.Level, Number(a.Met), Number(a.Late), Number(a.Owed), .. a.Bins.Select(b => Number(b)), Number(a.P50), Number(a.P90), Number(a.P99), Number(a.Limit)]);
        return Csv.Write($"stats_{table}", rows);
    }

    private ArrivalsView Arrivals(IGrouping<string, CallCard> category)
    {
        var hours = new int[24];
        foreach (var card in category) hours[HistoryQueries.HourOf(card)]++;
        return policies.Current.Latest.FindCategory(category.Key) is { } known
            ? new ArrivalsView(category.Key, known.Name, known.NameEn, hours)
            : new ArrivalsView(category.Key, category.Key, category.Key, hours);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(long? n) => n?.ToString(CultureInfo.InvariantCulture) ?? string.Empty;
}
