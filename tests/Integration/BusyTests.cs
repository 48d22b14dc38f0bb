using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Integration.Harness;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>A full queue says so, loses nothing, and the same request succeeds once when it is sent again.</summary>
public sealed class BusyTests
{
    [Fact]
    public async Task A_full_queue_is_busy_with_a_time_to_wait_and_the_retry_succeeds_once()
    {
        await using var street = await TestStreet.StartAsync();
        var desk = street.Service<DispatchDesk>();
        var call = await street.Blow("004");
        await using var hub = await street.HubAs("grid004");
        var body = new { grid = "001", category = "02" };
        List<Task<DeskReply>> waiting = [];
        using (await street.Stall())
        {
            waiting.Add(desk.Submit(Nobody())); // the loop takes it and is held up
            await Eventually.Holds(() => desk.Waiting == 0);
            while (desk.Waiting < DispatchDesk.QueueLimit) waiting.Add(desk.Submit(Nobody()));

            var busy = await street.Anyone.Send("/api/whistles", body, "key-busy-1");
            busy.Problem(503, Codes.Busy);
            Assert.Equal(DispatchDesk.RetryAfter, busy.Headers.RetryAfter!.Delta);
            var track = await street.Anyone.Send($"/api/track/{call.TrackingCode}/note", new { note = "好" }, "key-busy-2");
            track.Problem(503, Codes.Busy);
            Assert.NotNull(track.Headers.RetryAfter);
            Assert.Equal(Codes.Busy, (await hub.InvokeAsync<Reply>(HubNames.Accept, call.CallNo)).Code);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "not ready: desk"), await Ready(street));
            Assert.Equal(HttpStatusCode.OK, (await (await street.As("duty")).Read("/api/board")).Status); // reading goes on
        }

        Assert.All(await Task.WhenAll(waiting).WaitAsync(TestStreet.Patience), reply => Assert.IsType<DeskReply.Refused>(reply)); // every one was answered
        Assert.Equal((HttpStatusCode.OK, "ready"), await Ready(street));
        var first = await street.Anyone.Send("/api/whistles", body, "key-busy-1");
        var second = await street.Anyone.Send("/api/whistles", body, "key-busy-1");
        Assert.Equal((HttpStatusCode.Created, first.Text), (second.Status, second.Text));
        Assert.Equal(1, (await street.Card(call.CallNo)).Version);
        Assert.True((await hub.InvokeAsync<Reply>(HubNames.Accept, call.CallNo)).Ok);
    }

    [Fact]
    public async Task Whistles_do_not_push_the_waiting_lapses_out()
    {
        await using var street = await TestStreet.StartAsync();
        await street.Sweep(); // tells ringing cases who is on duty: there are none yet
        var talkedAbout = (await street.Blow("004", "08")).CallNo;
        var call = await street.Blow("001", "01");
        street.FastForward(TimeSpan.FromMinutes(3) + TimeSpan.FromMilliseconds(1));
        var desk = street.Service<DispatchDesk>();
        List<Task> waiting = [];
        using (await street.Stall())
        {
            waiting.Add(desk.Submit(Nobody()));
            await Eventually.Holds(() => desk.Waiting == 0);
            for (var i = 0; i < 3 * DispatchDesk.BatchLimit; i++) waiting.Add(desk.Submit(new DeskRequest.Ask(new CallNo(talkedAbout), new CallCommand.Note(null))));
            waiting.Add(street.Sweep());
        }

        await Task.WhenAll(waiting).WaitAsync(TestStreet.Patience);
        var lapsed = (await street.Journal(call.CallNo))[^1];
        Assert.Equal("lapsed", lapsed.What);
        Assert.True(lapsed.Seq <= DispatchDesk.BatchLimit + 4, $"The lapse came at {lapsed.Seq}, after the first batch of whistles."); // two whistles, the warning
        Assert.Equal(3 * DispatchDesk.BatchLimit + 1, (await street.Card(talkedAbout)).Version);
    }

    [Fact]
    public async Task Sweeps_cannot_fill_the_queue_and_what_found_no_room_is_due_again()
    {
        await using var street = await TestStreet.StartAsync();
        var calls = DispatchDesk.LapseLimit + 20;
        await Parallel.ForAsync(0, calls, async (i, _) => await street.Blow($"{(i % 130) + 1:D3}", "01"));
        street.FastForward(TimeSpan.FromMinutes(4));
        Task<int>[] sweeps;
        using (await street.Stall())
        {
            sweeps = [.. Enumerable.Range(0, 5).Select(_ => Task.Run(street.Sweep))];
            Assert.Equal(HttpStatusCode.OK, (await street.Anyone.Read("/healthz/live")).Status);
        }

        await Task.WhenAll(sweeps).WaitAsync(TestStreet.Patience);
        for (var tick = 0; tick < 3; tick++) await street.Sweep();
        using var connection = street.Service<Database>().Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM journal WHERE what = 'lapsed' AND answer = 'accept'";
        Assert.Equal((long)calls, command.ExecuteScalar());
    }

    private static DeskRequest.Ask Nobody() => new(new CallNo("W000000-00000"), new CallCommand.Accept(new Post(new PostId("nobody"), PostKind.StreetDesk)));

    private static async Task<(HttpStatusCode, string)> Ready(TestStreet street)
    {
        var answer = await street.Anyone.Read("/healthz/ready");
        return (answer.Status, answer.Text);
    }
}
