using FsCheck;
using FsCheck.Fluent;

namespace DispatchCenter.Unit;

/// <summary>Runs a property; a failure shows the smallest counter-example and the seed that replays it.</summary>
internal static class Properties
{
    public static void ForAll<T>(Arbitrary<T> arbitrary, Action<T> holds, int times = 300) =>
        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(times), Prop.ForAll(arbitrary, holds));
}
