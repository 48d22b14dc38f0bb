using Xunit;

namespace DispatchCenter.Integration.Harness;

/// <summary>Two nodes of one demo street on one Redis for all tests of a class, each with cases of its own. The clock stands still.</summary>
public class TwoNodes : IAsyncLifetime
{
    public RedisServer Redis { get; } = new();

    public TestStreet A { get; private set; } = null!;

    public TestStreet B { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Redis.UpAsync();
        A = await StartAsync(Redis.Setting);
        B = await A.JoinAsync();
        await Redis.ListenedToBy(2);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await B.DisposeAsync();
        await A.DisposeAsync();
        await Redis.DisposeAsync();
    }

    protected virtual Task<TestStreet> StartAsync(string setting) => TestStreet.StartSharedAsync(setting);
}

/// <summary>The same on the machine's clock.</summary>
public sealed class TwoNodesInRealTime : TwoNodes
{
    protected override Task<TestStreet> StartAsync(string setting) => TestStreet.StartInRealTimeAsync(setting);
}
