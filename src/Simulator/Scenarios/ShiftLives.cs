using System.Collections.Concurrent;
using System.Globalization;
using DispatchCenter.Simulator.Platforms;

namespace DispatchCenter.Simulator.Scenarios;

/// <summary>Plays the planned shift changes: a share of the staff signs off, and takes the shift again later.</summary>
/// <param name="until">Nobody goes after it; whoever has gone still comes back.</param>
internal sealed class ShiftLives(StreetApi api, Crew crew, Patience patience, RunOptions options, string runId, CancellationToken until)
{
    private readonly Dice _dice = new(options.Seed);
    private readonly ConcurrentQueue<Absence> _absences = new();

    /// <summary>Who was away, and when.</summary>
    public IReadOnlyCollection<Absence> Absences => _absences;

    /// <summary>Ends once everybody is back.</summary>
    public Task Run(IReadOnlyList<PlannedShift> shifts) =>
        Task.WhenAll(shifts.SelectMany((shift, i) => crew.Bots.Where(bot => Goes(shift, bot)).Select(bot => Change(shift, bot, $"{runId}-s{i}-{bot.Me.UserName}"))));

    private bool Goes(PlannedShift shift, TeamBot bot) => _dice.Roll("shift", shift.At.Ticks.ToString(CultureInfo.InvariantCulture), bot.Me.UserName) < shift.Share;

    private async Task Change(PlannedShift shift, TeamBot bot, string key)
    {
        await Pause(shift.At);
        if (until.IsCancellationRequested) return;
        bot.IsAway = true;
        if (!await Duty("signOff", $"{key}-off", bot))
        {
            bot.IsAway = false;
            return;
        }

        var from = TimeProvider.System.GetTimestamp();
        await Pause(shift.For);
        _absences.Enqueue(new Absence(bot.Me.Post!, from, TimeProvider.System.GetTimestamp()));
        if (await Duty("take", $"{key}-on", bot)) bot.IsAway = false;
    }

    private async Task<bool> Duty(string verb, string key, TeamBot bot) =>
        (await patience.Persist(async () => await api.Duty(verb, key, await bot.Session.Token(CancellationToken.None), CancellationToken.None), CancellationToken.None)).Value is not null;

    /// <summary>Also ends when the run is over.</summary>
    private async Task Pause(TimeSpan life) => await Task.Delay(life / options.Speed, TimeProvider.System, until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
