using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>The jobs of the whole street, which nodes of two versions share while they are replaced one by one.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class RevivalTests
{
    private const string Revived = "had set aside";

    [Fact]
    public async Task A_trigger_that_a_node_without_its_job_has_set_aside_acts_again_and_one_that_an_operator_has_paused_does_not()
    {
        await using var street = await TestStreet.StartTickingAsync();
        await ActsFrom(street, "auditor", street.Now);
        await Set(street, "auditor", "ERROR"); // as the store does where a job's class is not to be found
        await Set(street, "gaps", "PAUSED");
        var paused = await LastOf(street, "gaps");
        var since = street.Now;

        await ActsFrom(street, "auditor", since);
        Assert.Contains(await StateOf(street, "auditor"), (string[])["WAITING", "ACQUIRED", "BLOCKED"]);
        Assert.Contains("auditor", Assert.Single(street.Log.Lines, l => l.Contains(Revived, StringComparison.Ordinal)), StringComparison.Ordinal);

        // Another look finds nothing to do.
        since = street.Now;
        await ActsFrom(street, "auditor", since + TimeSpan.FromMinutes(5));
        Assert.Single(street.Log.Lines, l => l.Contains(Revived, StringComparison.Ordinal));
        Assert.Equal(("PAUSED", paused), (await StateOf(street, "gaps"), await LastOf(street, "gaps")));
    }

    /// <summary>Moves the clock on until a trigger has fired after an instant, and its job is done.</summary>
    private static Task ActsFrom(TestStreet street, string trigger, DateTimeOffset since) => Eventually.Holds(async () =>
    {
        street.FastForward(TimeSpan.FromSeconds(30));
        return await street.Ask($"SELECT 1 FROM qrtz_triggers WHERE trigger_name = '{trigger}' AND prev_fire_time > {since.UtcTicks} AND NOT EXISTS (SELECT 1 FROM qrtz_fired_triggers f WHERE f.trigger_name = '{trigger}' AND f.state = 'EXECUTING')") is not null;
    });

    private static async Task<DateTimeOffset> LastOf(TestStreet street, string trigger) =>
        new((long)(await street.Ask($"SELECT COALESCE(prev_fire_time, 0) FROM qrtz_triggers WHERE trigger_name = '{trigger}'"))!, TimeSpan.Zero);

    private static async Task<string> StateOf(TestStreet street, string trigger) => (string)(await street.Ask($"SELECT trigger_state FROM qrtz_triggers WHERE trigger_name = '{trigger}'"))!;

    private static Task Set(TestStreet street, string trigger, string state) => Eventually.Holds(async () =>
        await street.Ask($"UPDATE qrtz_triggers SET trigger_state = '{state}' WHERE trigger_name = '{trigger}' AND trigger_state IN ('WAITING', 'ACQUIRED') RETURNING 1") is not null);
}
