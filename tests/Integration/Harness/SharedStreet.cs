using Xunit;

namespace DispatchCenter.Integration.Harness;

/// <summary>One demo street for all tests of a class, each with cases of its own.</summary>
public sealed class SharedStreet : IAsyncLifetime
{
    private TestStreet? _street;

    public TestStreet Street => _street!;

    public async ValueTask InitializeAsync() => _street = await TestStreet.StartAsync();

    public ValueTask DisposeAsync() => _street?.DisposeAsync() ?? ValueTask.CompletedTask;
}
