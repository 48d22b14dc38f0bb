using DispatchCenter.Hub.Kernel;
using DispatchCenter.Web.Kernel;

try
{
    return await CommandLine.RunAsync(args);
}
catch (SettingsException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
