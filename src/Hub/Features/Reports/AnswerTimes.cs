using DispatchCenter.Contracts;

namespace DispatchCenter.Hub.Features.Reports;

/// <summary>How long the three answers took relative to their limits, and which cases count.</summary>
internal static class AnswerTimes
{
    /// <summary>Ten tenths of the limit, up to twice, more.</summary>
    public const int Bins = 12;

    public static readonly string[] Kinds = ["accept", "arrive", "resolve"];

    public static readonly string[] Levels = ["S1", "S2", "S3"];

    /// <summary>As in the rates: parent cases only, not merged, withdrawn, declined or with the city, no drills.</summary>
    public static bool IsValid(CallCard card) =>
        card.State is not (CallStates.Merged or CallStates.Withdrawn or CallStates.Declined or CallStates.HandedUp) && !card.Flags.Contains(CallFlags.Drill) && !card.Flags.Contains(CallFlags.Child);

    /// <summary>The first answer of a kind: a reopened case has a second 办结, but its first breach stays on record.</summary>
    public static AnswerCard? Of(CallCard card, string kind) => card.Answers.FirstOrDefault(a => a.Kind == kind);

    public static bool IsLate(AnswerCard answer, DateTimeOffset now) => answer.Breached || (answer is { Met: false, Released: not true } && answer.Due < now);

    /// <summary>The bin of a given answer, by the wall-clock share of its limit; exactly at due is on time.</summary>
    public static int BinOf(AnswerCard answer)
    {
        var share = (answer.MetAt!.Value - answer.From) / (answer.Due - answer.From);
        return share > 2 ? Bins - 1 : share > 1 ? Bins - 2 : Math.Clamp((int)Math.Ceiling(share * 10) - 1, 0, 9);
    }

    public static AnswerTimesView View(string kind, string level, IEnumerable<CallCard> cards, DateTimeOffset now)
    {
        var answers = cards.Where(c => c.Level == level).Select(c => Of(c, kind)).OfType<AnswerCard>().ToList();
        var met = answers.Where(a => a is { Met: true, MetAt: not null }).ToList();
        var (bins, took) = (new int[Bins], met.Select(a => (long)(a.MetAt!.Value - a.From).TotalSeconds).Order().ToList());
        foreach (var answer in met) bins[BinOf(answer)]++;
        return new AnswerTimesView(
            kind, level, met.Count, answers.Count(a => IsLate(a, now)), answers.Count(a => a is { Met: false, Released: not true }), bins,
            At(took, 0.5), At(took, 0.9), At(took, 0.99), At([.. answers.Select(a => (long)(a.Due - a.From).TotalSeconds).Order()], 0.5));
    }

    /// <summary>The nearest-rank percentile.</summary>
    private static long? At(List<long> sorted, double share) => sorted.Count == 0 ? null : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];
}
