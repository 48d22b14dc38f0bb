namespace DispatchCenter.Simulator;

/// <summary>How long people take for each step of a case.</summary>
internal sealed class Tempo
{
    private const int MinHurryMs = 50;
    private const int MaxHurryMs = 500;

    private readonly Func<Random, Pauses> _draw;

    private Tempo(Func<Random, Pauses> draw) => _draw = draw;

    /// <summary>No thinking time: accepted on sight, and at most half a second before each further step. For load.</summary>
    public static Tempo Hurried { get; } = new(random => new Pauses(TimeSpan.Zero, Hurry(random), Hurry(random), Hurry(random), Hurry(random)));

    /// <summary>
    /// People: log-normal, like service times, with a median and a spread (the standard deviation of the logarithm) for each step. The
    /// medians are within the default policy's limits and the tails beyond some of them; the server's clocks run in real time, so
    /// only a run at speed 1 makes them act.
    /// </summary>
    public static Tempo Human { get; } = new(random => new Pauses(
        LogNormal(random, TimeSpan.FromSeconds(45), 0.8),
        LogNormal(random, TimeSpan.FromMinutes(8), 0.7),
        LogNormal(random, TimeSpan.FromMinutes(40), 0.9),
        LogNormal(random, TimeSpan.FromMinutes(30), 0.8),
        LogNormal(random, TimeSpan.FromHours(1), 1.0)));

    public Pauses Draw(Random random) => _draw(random);

    internal static TimeSpan LogNormal(Random random, TimeSpan median, double spread)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return median * Math.Exp(spread * normal);
    }

    private static TimeSpan Hurry(Random random) => TimeSpan.FromMilliseconds(random.Next(MinHurryMs, MaxHurryMs));
}
