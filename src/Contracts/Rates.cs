namespace DispatchCenter.Contracts;

/// <summary><c>GET /api/rates</c>: the three rates (三率) of the whistles of some days, from the journal alone, as it was at an instant.</summary>
/// <param name="From">The first day of whistles, Asia/Shanghai.</param>
/// <param name="To">The last one.</param>
/// <param name="By">street, community, team, category or day.</param>
/// <param name="RankedFrom">Groups with fewer valid cases have no rank.</param>
public sealed record RatesView(DateOnly From, DateOnly To, string By, DateTimeOffset AsOf, int RankedFrom, IReadOnlyList<RatesLine> Groups);

/// <summary>A rate between 0 and 1, or a score between 0 and 100, with its 95 % interval; null where there is nothing to count.</summary>
/// <param name="Of">What it is counted of.</param>
public sealed record RateView(double? Value, double? Low, double? High, int Of);

/// <summary>The figures of one group. Its interval of M is Wilson's with the sum of the scores in place of hits; that of the score is made of the bounds of its parts.</summary>
/// <param name="Code">A code of <c>GET /api/street</c>; community:CODE or street where a desk has the case.</param>
/// <param name="Rank">Among teams or communities with enough cases, from 1; null elsewhere. There is none of persons.</param>
/// <param name="Cases">Valid cases: parents, not merged, withdrawn, declined or handed up, no drill.</param>
/// <param name="Breached">Cases with an answer that came late, exempt or not.</param>
/// <param name="Exempt">Cases that an exemption takes out of the response rate.</param>
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

/// <summary>The cases' time in whole seconds, split without remainder: nobody has it, people, a called department, paused.</summary>
public sealed record TimeView(long Push, long Reach, long Human, long Department, long Pause);
