namespace DispatchCenter.Contracts;

/// <summary><c>GET /api/rates</c>: the three rates (三率) of some days' whistles, from the journal alone, as of an instant.</summary>
/// <param name="From">The first day of whistles, Asia/Shanghai.</param>
/// <param name="To">The last one.</param>
/// <param name="By">street, community, team, category or day.</param>
/// <param name="RankedFrom">Groups with fewer valid cases are not ranked.</param>
public sealed record RatesView(DateOnly From, DateOnly To, string By, DateTimeOffset AsOf, int RankedFrom, IReadOnlyList<RatesLine> Groups);

/// <summary>A rate between 0 and 1, or a score between 0 and 100, with its 95 % interval; null if there is nothing to count.</summary>
/// <param name="Of">The denominator.</param>
public sealed record RateView(double? Value, double? Low, double? High, int Of);

/// <summary>The figures of one group. The interval of M is Wilson's with the sum of scores as hits; the score's interval combines the bounds of its parts.</summary>
/// <param name="Code">A code from <c>GET /api/street</c>; community:CODE or street if a desk has the case.</param>
/// <param name="Rank">Among teams or communities with enough cases, from 1; null otherwise. People are never ranked.</param>
/// <param name="Cases">Valid cases: parent cases, not merged, withdrawn, declined or referred to the city, no drills.</param>
/// <param name="Breached">Cases with a late answer, exempt or not.</param>
/// <param name="Exempt">Cases excluded from the response rate by an exemption.</param>
/// <param name="Response">响应率 R.</param>
/// <param name="Solved">解决率 S.</param>
/// <param name="Satisfied">满意率 M.</param>
/// <param name="Callback">回访率.</param>
/// <param name="FirstTeam">首派准确率.</param>
/// <param name="Returned">退单率.</param>
/// <param name="Redone">重办率.</param>
/// <param name="ResolvedOnTime">按时办结率.</param>
public sealed record RatesLine(
    string Code, string Name, string NameEn, int? Rank, int Cases, int Breached, int Exempt, RateView Score, RateView Response, RateView Solved, RateView Satisfied,
    RateView Callback, RateView FirstTeam, RateView Returned, RateView Redone, RateView ResolvedOnTime, TimeView Time);

/// <summary>The cases' time in whole seconds, split without remainder: not accepted, people, a called department, paused.</summary>
public sealed record TimeView(long Push, long Reach, long Human, long Department, long Pause);
