using System.Runtime;
using DispatchCenter.Bench.Durable;
using DispatchCenter.Bench.Feed;

namespace DispatchCenter.Bench.Sides;

/// <summary>What a side does when it is told to.</summary>
internal interface ISide : IAsyncDisposable
{
    /// <returns>The words of the answer.</returns>
    Task<string> DoAsync(string command, string[] words);
}

/// <summary>The inside of a <see cref="Side"/>: reads lines, does what they say, answers each.</summary>
internal static class SideLoop
{
    /// <summary>Begins the line that answers; other lines are talk.</summary>
    public const string Answer = "= ";

    /// <summary>Begins the line of a side that failed.</summary>
    public const string Failure = "! ";

    public static async Task<int> RunAsync(string name, string[] args)
    {
        await using var side = await OpenAsync(name, args);
        Console.WriteLine(Answer + "ready");
        while (await Task.Run(Console.In.ReadLine) is { } line) // it blocks, and must not do so on a thread that polls sockets
        {
            var words = line.Split(' ');
            try
            {
                Console.WriteLine(Answer + (words[0] == "collect" ? Collect() : await side.DoAsync(words[0], words[1..])));
            }
            catch (Exception e) // it is the bench's to say, not the side's to die
            {
                Console.WriteLine(Failure + e.ToString().ReplaceLineEndings(" "));
            }
        }

        return 0;
    }

    private static async Task<ISide> OpenAsync(string name, string[] args) => name switch
    {
        StreetSide.Name => await StreetSide.OpenAsync(args),
        BareHubSide.Name => await BareHubSide.OpenAsync(args),
        CommitSide.Name => await CommitSide.OpenAsync(args),
        WatcherSide.Name => new WatcherSide(),
        _ => throw new ArgumentException($"There is no side {name}.", nameof(name)),
    };

    /// <summary>Gives back what is garbage, pages included.</summary>
    private static string Collect()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return "done";
    }
}
