namespace DispatchCenter.Hub.Register;

/// <summary>The register of the fictitious demo street, from the table that tools/demo-register.mjs makes: everybody in it is invented.</summary>
public static class DemoRegister
{
    public static async Task SeedAsync(RegisterBook book, TimeProvider time, CancellationToken ct)
    {
        await book.LoadAsync(ct);
        var import = await new RegisterFile(book, time).TakeAsync(null, "register.csv", Open, anyway: false, ct);
        if (import.Unusable is not null || !import.Refused.IsEmpty) throw new InvalidOperationException($"The demo register cannot be read: {import.Unusable ?? import.Refused[0].Why}");
    }

    /// <summary>The table as it is shipped.</summary>
    internal static Stream Open() => typeof(DemoRegister).Assembly.GetManifestResourceStream("DispatchCenter.Hub.Register.Demo.register.csv")!;
}
