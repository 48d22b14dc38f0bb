namespace DispatchCenter.Bench.Sides;

/// <summary>Two arms in turns: A B, B A, A B, ... so that a drift of the machine falls on both.</summary>
internal static class Pairs
{
    public static async Task<List<(T Ours, T Peer)>> RunAsync<T>(int pairs, Func<Task<T>> ours, Func<Task<T>> peer, Action<int, T, T> say)
    {
        var done = new List<(T, T)>();
        for (var i = 0; i < pairs; i++)
        {
            var first = await (i % 2 == 0 ? ours : peer)();
            var second = await (i % 2 == 0 ? peer : ours)();
            var pair = i % 2 == 0 ? (first, second) : (second, first);
            done.Add(pair);
            say(i + 1, pair.Item1, pair.Item2);
        }

        return done;
    }
}
