using DispatchCenter.Integration.Harness;
using Xunit;

namespace DispatchCenter.Integration.Matters;

/// <summary>A street of its own for every test, checked at its end: the journal has no gap and every matter is the fold of its lines.</summary>
public abstract class MatterTests : IAsyncLifetime
{
    private MatterScene? _scene;

    internal MatterScene It => _scene!;

    protected TestStreet Street => It.Street;

    /// <summary>Whether the test has spoilt rows on purpose.</summary>
    protected bool IsSpoilt { get; set; }

    public virtual async ValueTask InitializeAsync()
    {
        _scene = new MatterScene(await TestStreet.StartAsync());
        await Street.Sweep(); // the first one tells ringing cases who is on duty: there are none yet
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        try
        {
            if (!IsSpoilt) await It.EverythingFolds();
        }
        finally
        {
            await Street.DisposeAsync();
        }
    }
}
