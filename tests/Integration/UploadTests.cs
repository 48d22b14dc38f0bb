using System.Net;
using System.Net.Sockets;
using System.Text;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Tests;
using DispatchCenter.Web.Features.Whistles;
using Xunit;

namespace DispatchCenter.Integration;

/// <summary>Uploads that drip are in nobody's way.</summary>
public sealed class UploadTests
{
    private const string Here = "10.0.0.1", There = "10.0.0.2";

    [Fact]
    public async Task Eight_dripping_uploads_stop_nobody_elses()
    {
        await using var street = await TestStreet.StartAsync("--Dispatch:RateLimits:Enabled=true");
        var drips = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 8; i++)
            {
                drips.Add(new TcpClient());
                await drips[i].ConnectAsync(IPAddress.Loopback, street.Anyone.BaseAddress!.Port);
                await drips[i].GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /api/photos HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: 4000000\r\n\r\n"));
                await drips[i].GetStream().WriteAsync(new byte[300]);
            }

            // Each of them is being read when others come: of the same address, and of another.
            await Eventually.Holds(() => street.Service<UploadRoom>().Count == 8);
            foreach (var address in new[] { "127.0.0.1", "127.0.0.2" })
                foreach (var drip in drips)
                {
                    await drip.GetStream().WriteAsync(new byte[300]);
                    using var client = street.NewClient(From(address));
                    Assert.Equal(HttpStatusCode.Created, (await client.Send("/api/photos", MadePhotos.Jpeg(), contentType: PhotoFile.Jpeg)).Status);
                }
        }
        finally
        {
            foreach (var drip in drips) drip.Dispose();
        }
    }

    [Fact]
    public async Task An_upload_that_takes_too_long_is_broken_off_and_says_so()
    {
        await using var street = await TestStreet.StartAsync();
        using var drip = new TcpClient();
        await drip.ConnectAsync(IPAddress.Loopback, street.Anyone.BaseAddress!.Port);
        await drip.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /api/photos HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: 4000000\r\n\r\n"));
        await drip.GetStream().WriteAsync(new byte[60_000]);
        await Eventually.Holds(() => street.Service<UploadRoom>().Count == 1);
        street.FastForward(UploadRoom.Longest);
        using var reader = new StreamReader(drip.GetStream());
        Assert.Equal("HTTP/1.1 408 Request Timeout", await reader.ReadLineAsync().WaitAsync(TestStreet.Patience));
        // Up to the code and no further: what was never sent may end the connection with a reset.
        var told = string.Empty;
        var some = new char[1024];
        while (!told.Contains($"\"code\":\"{Codes.PhotoTooSlow}\"", StringComparison.Ordinal))
        {
            var read = await reader.ReadAsync(some.AsMemory()).AsTask().WaitAsync(TestStreet.Patience);
            Assert.True(read > 0, $"The answer ended before its code: {told}");
            told += new string(some, 0, read);
        }

        await Eventually.Holds(() => street.Service<UploadRoom>().Count == 0);
    }

    [Fact]
    public void Where_one_address_has_its_half_its_slowest_makes_room()
    {
        var clock = new ManualClock(TestStreet.Wednesday);
        var room = new UploadRoom(shared: true, clock);
        var places = Enumerable.Range(0, UploadRoom.Most / 2).Select(_ => room.Enter(Here)!).ToList();
        foreach (var place in places) place.Take(10_000);
        var slow = places[7];
        foreach (var place in places.Where(p => p != slow)) place.Take(10_000);
        Assert.Null(room.Enter(Here)); // nobody has been slow for long
        clock.FastForward(UploadRoom.Grace);
        Assert.NotNull(room.Enter(Here));
        Assert.Equal([slow], places.Where(p => p.Over.IsCancellationRequested));
        Assert.NotNull(room.Enter(There));
    }

    [Fact]
    public void The_bytes_of_one_address_leave_the_half_to_others_and_whoever_holds_most_gives_way()
    {
        var clock = new ManualClock(TestStreet.Wednesday);
        var room = new UploadRoom(shared: true, clock);
        var mine = Enumerable.Range(0, 4).Select(_ => room.Enter(Here)!).ToList();
        foreach (var place in mine) place.Take(PhotoApi.Limit);
        var (late, other) = (room.Enter(Here)!, room.Enter(There)!);
        late.Take(1); // over the half, and everybody has just come
        Assert.True(late.Over.IsCancellationRequested);
        for (var i = 0; i < 4; i++) other.Take(PhotoApi.Limit - 1);
        Assert.False(other.Over.IsCancellationRequested);
        clock.FastForward(UploadRoom.Grace);
        Assert.NotNull(room.Enter(Here));
        Assert.DoesNotContain(mine, p => p.Over.IsCancellationRequested); // a place takes no byte
    }

    [Fact]
    public void Photos_that_nobody_names_leave_room_for_those_of_others()
    {
        var room = new WaitingPhotos(shared: true);
        var waiting = new List<WaitingPhotos.Waiting>();
        void Comes(string id, string from, long bytes, DateTimeOffset at)
        {
            waiting.Add(new(id, at, bytes));
            room.Came(id, from);
        }

        var now = TestStreet.Wednesday;
        const long Tenth = WaitingPhotos.MostBytes / 10;
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal([], room.MakeRoom(waiting, Here, Tenth, now));
            Comes($"mine{i}", Here, Tenth, now);
        }

        Assert.Null(room.MakeRoom(waiting, Here, Tenth, now)); // its half is full, and nobody's form may lose a photo that has just come
        Assert.Equal([], room.MakeRoom(waiting, There, Tenth, now));
        Assert.Equal(["mine0"], room.MakeRoom(waiting, Here, Tenth, now + WaitingPhotos.Grace));
        for (var i = 0; i < 4; i++) Comes($"theirs{i}", There, Tenth, now + WaitingPhotos.Grace);
        const string Third = "10.0.0.3", Fourth = "10.0.0.4";
        Comes("theirs4", There, Tenth, now + WaitingPhotos.Grace);
        Assert.Equal(["mine0"], room.MakeRoom(waiting, Fourth, 1_000_000, now)); // two have filled it, and one who has little need not wait
        waiting.RemoveAll(w => w.Id == "theirs4");
        Assert.Equal([], room.MakeRoom(waiting, Third, Tenth, now));
        Comes("third", Third, Tenth, now);
        Assert.Equal(["mine0"], room.MakeRoom(waiting, Third, Tenth, now + WaitingPhotos.Grace)); // whoever has most gives way
        waiting.RemoveAll(w => w.Id.StartsWith("mine", StringComparison.Ordinal)); // named by their whistles
        Assert.Equal([], room.MakeRoom(waiting, Here, Tenth, now));
        for (var i = 0; i < WaitingPhotos.Most / 2; i++) Comes($"tiny{i}", Here, 1, now);
        Assert.Null(room.MakeRoom(waiting, Here, 1, now));
    }

    /// <summary>Connects from another address of this machine.</summary>
    internal static SocketsHttpHandler From(string address) => new()
    {
        ConnectCallback = async (context, ct) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };
}
