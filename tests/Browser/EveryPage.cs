namespace DispatchCenter.Browser;

/// <summary>See <see cref="Inspection"/>.</summary>
public sealed class EveryPageForResidents(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public async Task Is_readable_for_everybody_by_day_and_by_night_in_both_languages(string language)
    {
        var inspection = new Inspection(language);
        await Rooms.PublicAsync(street, _windows, language, inspection.LookAsync);
        inspection.HoldsEverywhere();
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}

/// <summary>See <see cref="Inspection"/>.</summary>
public sealed class EveryPageForStaff(Street street) : IAsyncDisposable
{
    private readonly Windows _windows = new(street);

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public async Task The_phone_is_readable_for_everybody_by_day_and_by_night_in_both_languages(string language)
    {
        var inspection = new Inspection(language);
        await Rooms.PhoneAsync(street, _windows, language, inspection.LookAsync);
        inspection.HoldsEverywhere();
    }

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public async Task The_desks_are_readable_for_everybody_by_day_and_by_night_in_both_languages(string language)
    {
        var inspection = new Inspection(language);
        await Rooms.DesksAsync(street, _windows, language, inspection.LookAsync);
        inspection.HoldsEverywhere();
    }

    public ValueTask DisposeAsync() => _windows.DisposeAsync();
}
