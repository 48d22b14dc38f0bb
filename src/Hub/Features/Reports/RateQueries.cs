using System.Globalization;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Rates;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.Reports;

/// <summary>
/// Queries for the three rates. A community's desk sees only its own cases. A case from which the requester is recused counts in none of their figures,
/// because a figure for one day and category would reveal it. Auditors hold no post, are never recused, and see the whole street.
/// </summary>
public sealed class RateQueries(Database database, StreetBook streets, PolicyBook policies, TimeProvider time) : IDisposable
{
    /// <summary>The maximum of days per answer.</summary>
    public const int MaxDays = 92;

    /// <summary>The default number of days.</summary>
    public const int UsualDays = 7;

    private readonly RateJournalQueries _reader = new(database);

    /// <summary>One query at a time per node: each reads many entries.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <param name="from">yyyy-MM-dd, like <paramref name="to"/>; days in Asia/Shanghai.</param>
    /// <param name="by">Default street.</param>
    /// <param name="asOf">A past instant in ISO 8601 with offset; default now.</param>
    public async Task<Outcome<RatesView>> AskAsync(Staff who, string? from, string? to, string? by, string? asOf, CancellationToken ct)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        if (asOf is not null && Instants.LacksOffset(asOf)) return Outcome.Of(Codes.TimeOffsetMissing).As<RatesView>();
        if ((asOf is null ? now : Instants.Read(asOf)) is not { Year: >= 2000 } at || at > now) return Bad("as_of");
        if (!Instants.TryDay(to, RateBook.DayOf(at), out var last)) return Bad("days");
        if (!Instants.TryDay(from, last.AddDays(1 - UsualDays), out var first) || first > last || last.DayNumber - first.DayNumber >= MaxDays) return Bad("days");
        if ((by is null ? RatesBy.Street : Names.Parse<RatesBy>(by)) is not { } dimension) return Bad("by");
        var sight = Sight.Of(who);
        await _turn.WaitAsync(ct);
        try
        {
            var book = await _reader.ReadAsync(sight, Midnight(first), Midnight(last.AddDays(1)), at, ct);
            return book is null ? Outcome.Of("rates_too_many").As<RatesView>() : View(book.At(at, dimension, sight.Own?.Value), first, last, dimension, at);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The numbers of the cases behind a figure of the whole street for some days, as of now.</summary>
    /// <param name="code">One for which <see cref="Figures.Has"/> is true.</param>
    public async Task<Outcome<HashSet<string>>> BehindAsync(Staff who, string code, DateOnly first, DateOnly last, CancellationToken ct)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        await _turn.WaitAsync(ct);
        try
        {
            var book = await _reader.ReadAsync(Sight.Of(who), Midnight(first), Midnight(last.AddDays(1)), now, ct);
            return book is null ? Outcome.Of("rates_too_many").As<HashSet<string>>() : book.Cases.Where(c => Figures.Counted(code, c, now)).Select(c => c.CallNo).ToHashSet(StringComparer.Ordinal);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static Outcome<RatesView> Bad(string what)
    {
        var (_, zh, en) = Sentences.Find($"rates_{what}");
        return Outcome.Of(Codes.BadRequest, (zh, en)).As<RatesView>();
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), WorkCalendar.Offset);

    private RatesView View(SortedDictionary<string, Figures> groups, DateOnly from, DateOnly to, RatesBy by, DateTimeOffset asOf)
    {
        var ranks = Ranks(groups, by);
        return new RatesView(from, to, Names.Camel(by), asOf, Figures.RankedFrom, [.. groups.Select(g => Line(g.Key, g.Value, by, ranks))]);
    }

    private RatesLine Line(string code, Figures f, RatesBy by, Dictionary<string, int> ranks)
    {
        var (name, nameEn) = NameOf(code, by);
        return new RatesLine(
            code, name, nameEn, ranks.TryGetValue(code, out var rank) ? rank : null, f.Cases, f.Breached, f.ResponseExempt,
            Of(f.Score), Of(f.R), Of(f.S), Of(f.M), Of(f.Callback), Of(f.FirstTeam), Of(f.Returns), Of(f.Redoing), Of(f.Resolution), Of(f.Time));
    }

    /// <summary>Teams and communities with enough cases and a score; equal scores share a rank.</summary>
    private static Dictionary<string, int> Ranks(SortedDictionary<string, Figures> groups, RatesBy by)
    {
        var ranked = groups.Where(g => by is RatesBy.Team or RatesBy.Community && g.Key != RateCard.Street && !g.Key.Contains(':', StringComparison.Ordinal))
            .Where(g => g.Value is { Cases: >= Figures.RankedFrom, Score.Value: not null }).ToDictionary(g => g.Key, g => g.Value.Score.Value!.Value);
        return ranked.ToDictionary(g => g.Key, g => 1 + ranked.Values.Count(score => score > g.Value));
    }

    private (string Zh, string En) NameOf(string code, RatesBy by)
    {
        var map = streets.Map;
        return by switch
        {
            RatesBy.Street => (map.Name, map.NameEn),
            RatesBy.Community => Community(code),
            RatesBy.Category => policies.Current.CategoryName(code),
            RatesBy.Team when code == RateCard.Street => Post(PostKind.StreetDesk),
            RatesBy.Team when code.Contains(':', StringComparison.Ordinal) => (Community(code[(code.IndexOf(':', StringComparison.Ordinal) + 1)..]), Post(PostKind.CommunityDesk)) is var (c, p)
                ? ($"{c.Zh} {p.Zh}", $"{c.En} {p.En}") : default,
            RatesBy.Team => streets.PlaceNames.Team(code),
            RatesBy.Source => Sentences.Find($"source_{code}") is var (_, zh, en) ? (zh, en) : (code, code),
            RatesBy.Day => (code, code),
            _ => throw new ArgumentOutOfRangeException(nameof(by), by, null),
        };

        (string Zh, string En) Community(string of) => streets.PlaceNames.Community(of);
        static (string Zh, string En) Post(PostKind kind) => Sentences.Find($"post_{Names.Camel(kind)}") is var (_, zh, en) ? (zh, en) : default;
    }

    private static RateView Of(Rate rate) => new(rate.Value, rate.Low, rate.High, rate.Of);

    private static TimeView Of(TimeParts parts) =>
        new((long)parts.Push.TotalSeconds, (long)parts.Reach.TotalSeconds, (long)parts.Human.TotalSeconds, (long)parts.Department.TotalSeconds, (long)parts.Pause.TotalSeconds);
}
