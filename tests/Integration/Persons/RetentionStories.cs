using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Audit;
using DispatchCenter.Integration.Harness;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace DispatchCenter.Integration.Persons;

/// <summary>Persons, words, photos and looks go each in its own time after the case has ended, and not a moment before.</summary>
public sealed class RetentionStories
{
    [Fact]
    public async Task Each_kind_goes_in_its_own_time()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:Keep:Persons=30", "--Dispatch:Keep:Words=60", "--Dispatch:Keep:Photos=90", "--Dispatch:Keep:Looks=184");
        var open = await street.Blow();
        street.FastForward(TimeSpan.FromDays(20));
        var call = await ErasureStories.EndedAsync(street); // ended 20 days after the other was opened
        var ended = street.Now;
        await Holds("callers words photos reads");
        await At(30, "callers words photos reads"); // the very moment is not past
        await At(30.01, "words photos reads");
        await At(60.01, "photos reads");
        await At(90.01, "reads");
        await At(184.01, "");
        Assert.Equal(1, await Count(db => db.Words.CountAsync(w => w.CallNo == open.CallNo))); // it is still open
        Assert.Equal(CallStates.Closed, (await street.Anyone.Read($"/api/track/{call.TrackingCode}")).Value<TrackedCall>().State);
        Assert.Empty(HonestStreet.Verify(street).Faults);

        async Task At(double days, string left)
        {
            street.FastForward(ended.AddDays(days) - street.Now);
            await Holds(left);
        }

        async Task Holds(string left)
        {
            await street.CleanUp();
            string[] held =
            [
                .. await Count(db => db.Callers.CountAsync(c => c.CallNo == call.CallNo)) > 0 ? new[] { "callers" } : [], .. await Count(db => db.Words.CountAsync(w => w.CallNo == call.CallNo)) > 0 ? new[] { "words" } : [],
                .. await Count(db => db.Photos.CountAsync(p => p.CallNo == call.CallNo)) > 0 ? new[] { "photos" } : [], .. await Count(db => db.Reads.CountAsync(r => r.CallNo == call.CallNo)) > 0 ? new[] { "reads" } : [],
            ];
            Assert.Equal(left, string.Join(' ', held));
        }

        async Task<int> Count(Func<DispatchDb, Task<int>> count)
        {
            await using var db = street.Service<Database>().Context();
            return await count(db);
        }
    }

    [Fact]
    public async Task Without_a_setting_nothing_goes()
    {
        await using var street = await TestStreet.StartAsync();
        var call = await ErasureStories.EndedAsync(street);
        street.FastForward(TimeSpan.FromDays(4_000));
        await street.CleanUp();
        await using var db = street.Service<Database>().Context();
        Assert.Equal((1, 4, 1, true), (await db.Callers.CountAsync(), await db.Words.CountAsync(w => w.CallNo == call.CallNo), await db.Photos.CountAsync(), await db.Reads.AnyAsync()));
    }

    /// <summary>More than one step has to do, and a case that continues in an open one waits for that.</summary>
    [Fact]
    public async Task Many_go_in_steps_and_a_merged_case_waits_for_the_one_it_went_into()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:Keep:Words=30");
        var leading = await street.Blow("002");
        var merged = (await street.Anyone.Send("/api/whistles", new { grid = "002", category = "02", joins = leading.CallNo, description = "也漏" })).Value<WhistleReceipt>(System.Net.HttpStatusCode.Created);
        for (var i = 0; i < Retention.Bite + 5; i++)
        {
            var one = await street.Blow();
            await street.Anyone.Send($"/api/track/{one.TrackingCode}/withdraw");
        }

        street.FastForward(TimeSpan.FromDays(31));
        await street.CleanUp();
        await using var db = street.Service<Database>().Context();
        Assert.Equal(new HashSet<string> { leading.CallNo, merged.CallNo }, (await db.Words.Select(w => w.CallNo).ToListAsync()).ToHashSet());
    }
}
